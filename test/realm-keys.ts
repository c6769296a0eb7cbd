import { createKeys } from '../src/realm/key/made-keys.ts'
import { memoryStore } from '../src/store/memory/memory.ts'
import { never, type Store } from '../src/store/store.ts'

let template: Promise<ReadonlyMap<string, Buffer>> | undefined

/** Keys are made once per process: RSA keys take their time. */
export async function giveKeys(settings: Store, path: string): Promise<void> {
  template ??= makeKeys()
  for (const [name, value] of await template) {
    await settings.insert(`key/${encodeURIComponent(path)}/${name}`, value, never)
  }
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
