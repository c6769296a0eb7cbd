import type { Backend, Shelves, StoresOptions } from './backend.ts'
import { damageTo } from './damage.ts'
import { asPassphrase, type MasterKeys, subkeys } from './key.ts'
import { memory } from './memory/backend.ts'
import { sealedStore } from './sealed.ts'
import { hasSealed, proveKeys } from './sealing/canary.ts'
import { sqlite } from './sqlite/backend.ts'
import type { Shelf, Store } from './store.ts'

/** Every kind of store there is. */
export const backends: readonly Backend[] = [sqlite, memory]

/** Where things are kept if only a directory is named. */
export const storeIn = (directory: string): string => `${sqlite.scheme}:${directory}`

/** A store that is empty whenever it is opened, and leaves nothing. */
export const emptyStore = `${memory.scheme}:`

/** How the URLs of stores are written. */
export const storeUrls: readonly string[] = backends.map(({ url }) => url)

/** The two shelves, sealed, and the keys they are sealed under. */
export interface Stores {
  /** Realms, clients, users, consents. */
  readonly settings: Store
  /** What lives shortly. */
  readonly records: Store
  readonly master: MasterKeys
  /** The second up to which nothing counts that was issued; 0 if it never had to be said. */
  readonly accepted: number
  close(): Promise<void>
}

/** The backend a URL names, and what it says of where; throws what is wrong with it, without repeating it. */
export function located(url: string): { readonly backend: Backend; readonly rest: string } {
  const [, scheme, rest = ''] = /^([a-z]+):(.*)$/s.exec(url) ?? []
  const backend = backends.find((each) => each.scheme === scheme)
  if (backend === undefined) {
    throw new Error(`must be the URL of a store: ${storeUrls.join(' or ')}`)
  }
  backend.check(rest)
  return { backend, rest }
}

/** Whether something was ever stored under a URL; makes nothing. */
export function storeIsThere(url: string): boolean {
  const { backend, rest } = located(url)
  return backend.isThere(rest)
}

/** Both shelves as they lie there, and the keys, which have been proven to be theirs. */
export interface ProvenShelves {
  readonly settings: Shelf
  readonly records: Shelf
  readonly master: MasterKeys
  readonly accepted: number
}

/** @throws Error that says what to do when they cannot be used. */
export async function provenShelves(options: StoresOptions): Promise<ProvenShelves> {
  const { backend, rest } = located(options.url)
  const { settings, records, keys, accepted } = await backend.open(rest, options)
  const close = async (): Promise<void> => {
    await Promise.all([settings.close(), records.close()])
  }
  const proven = async (): Promise<MasterKeys> => {
    const master = await keysOf(settings, keys, options)
    await proveKeys({ settings, records }, subkeys(master, 'sealing'), options.random)
    return master
  }
  const master = await proven().catch(async (error: unknown) => {
    await close()
    throw error
  })
  return { settings, records, master, accepted }
}

/** Opens both shelves; throws a plain Error that says what to do when they cannot be used. */
export async function openStores(options: StoresOptions): Promise<Stores> {
  const { settings, records, master, accepted } = await provenShelves(options)
  const sealing = subkeys(master, 'sealing')
  return {
    settings: sealedStore(settings, sealing, options.random, damageTo('settings')),
    records: sealedStore(records, sealing, options.random, damageTo('records')),
    master,
    accepted,
    async close() {
      await Promise.all([settings.close(), records.close()])
    },
  }
}

/** What the text means, unless it is the passphrase that sealed this store. */
async function keysOf(
  settings: Store,
  keys: Shelves['keys'],
  { keyText, random }: StoresOptions,
): Promise<MasterKeys> {
  const phrase = keyText === undefined ? undefined : asPassphrase(keyText)
  if (phrase === undefined) return keys()
  return (await hasSealed(subkeys(phrase, 'sealing'), settings, random)) ? phrase : keys()
}
