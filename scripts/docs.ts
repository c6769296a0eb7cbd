/** `npm run docs`: writes the reference pages anew and removes those there are no more. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { byHand, folder, pages } from './reference/pages.ts'

const path = resolve(import.meta.dirname, '..', folder)
const made = await pages()
mkdirSync(path, { recursive: true })
for (const name of readdirSync(path)) {
  if (!made.has(name) && name !== byHand) rmSync(join(path, name))
}
for (const [name, text] of made) writeFileSync(join(path, name), text)
