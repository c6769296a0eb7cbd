import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { member } from '../../base/json.ts'
import type { Found } from '../found.ts'
import { NotReadable } from '../found.ts'
import { readTextFile } from '../read-file.ts'

/** How an export says that a text is in another file, and how such a file is called; neither leads into another folder. */
const extracted = /^file:\/\/(.*)$/s
const plainName = /^(?!\.{1,2}$)[^/\\\0]{1,255}$/

/**
 * A script with its text, which frodo writes into a file of its own beside that of the script (`--extract`). One whose text
 * is not there is left out, so that none stands here with the name of a file in its place.
 */
export async function withText(found: Found, file: string): Promise<Found> {
  const source = member(found.input, 'script')
  const [, name] = (typeof source === 'string' && extracted.exec(source)) || []
  if (name === undefined) return found
  const text = plainName.test(name) ? await textBeside(file, name) : undefined
  if (text !== undefined)
    return { ...found, input: { ...found.input, script: Buffer.from(text).toString('base64') } }
  const { kind: _, ...left } = found
  const why = 'is in a file that is not beside this one'
  return { ...left, leftovers: [...found.leftovers, { attribute: 'script', why }] }
}

/** Undefined: there is no such file. A link might lead anywhere on this machine. */
async function textBeside(file: string, name: string): Promise<string | undefined> {
  const path = join(dirname(file), name)
  const is = await lstat(path).catch(() => undefined)
  if (is?.isFile() !== true) return undefined
  return readTextFile(path).catch((error: unknown) => {
    if (error instanceof NotReadable) return undefined
    throw error
  })
}
