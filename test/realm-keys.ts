import { hash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKeys } from '../src/realm/key/made-keys.ts'
import { memoryStore } from '../src/store/memory/memory.ts'
import { never, type Store } from '../src/store/store.ts'

const root = join(import.meta.dirname, '..')

/** Where a realm's keys are kept, each by its name, for as long as nothing is changed in how they are made. */
const kept = join(root, '.cache', `realm-keys-${hash('sha256', makers(), 'hex').slice(0, 16)}.json`)

let template: Promise<ReadonlyMap<string, Buffer>> | undefined

/** The same keys for every realm of every test: RSA keys take their time, a fifth of a second for these. */
export async function giveKeys(settings: Store, path: string): Promise<void> {
  template ??= keptKeys()
  for (const [name, value] of await template) {
    await settings.insert(`key/${encodeURIComponent(path)}/${name}`, value, never)
  }
}

async function keptKeys(): Promise<ReadonlyMap<string, Buffer>> {
  if (existsSync(kept)) {
    const texts = JSON.parse(readFileSync(kept, 'utf8')) as Readonly<Record<string, string>>
    return new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]))
  }
  const made = await makeKeys()
  const texts = Object.fromEntries([...made].map(([name, value]) => [name, value.toString()]))
  mkdirSync(join(root, '.cache'), { recursive: true })
  // Whoever else makes some at the same time finds either file whole.
  const own = `${kept}.${process.pid}`
  writeFileSync(own, JSON.stringify(texts), { mode: 0o600 })
  renameSync(own, kept)
  return made
}

function makers(): string {
  return ['realm/key/stored-key.ts', 'realm/key/made-keys.ts', 'jose/generate.ts']
    .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
    .join('\n')
}

async function makeKeys(): Promise<ReadonlyMap<string, Buffer>> {
  const store = memoryStore(() => 0)
  await createKeys(store, '/', 0)
  const { keys } = await store.list('key/%2F', 100)
  const values = new Map<string, Buffer>()
  for (const key of keys) {
    const stored = await store.get(key)
    if (stored !== undefined) values.set(key.slice(key.lastIndexOf('/') + 1), stored.value)
  }
  return values
}
