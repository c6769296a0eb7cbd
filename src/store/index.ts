/* The kinds of stores, and the one way in which a store is opened, step by step: it stands in one file, since what a step skips the next one would rely on. */
import { monotonic } from '../base/time.ts'
import type { Backend, OneShelf, ShelfName, Shelves, StoresOptions } from './backend.ts'
import { damageTo } from './damage.ts'
import { asPassphrase, type MasterKeys, subkeys } from './key.ts'
import { memory } from './memory/backend.ts'
import { readMark, unserved } from './migrate/mark.ts'
import { postgres } from './postgres/backend.ts'
import { redis } from './redis/backend.ts'
import { acceptedIn } from './restored/accepted.ts'
import { type Guard, guard } from './restored/guard.ts'
import { witnessesOf } from './restored/witness.ts'
import { hasSealed, isSealed, proveKeys } from './sealing/canary.ts'
import { sealedStore } from './sealing/sealed.ts'
import { sqlite } from './sqlite/backend.ts'
import type { Shelf, Store } from './store.ts'

/** Every kind of store there is. */
export const backends: readonly Backend[] = [sqlite, memory, postgres, redis]

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
  /** Begins to watch over records that others keep; absent where the store has marks of its own. */
  readonly keepGuard?: Guard['keep']
  close(): Promise<void>
}

/** The backend a URL names, and what it says of where; throws what is wrong with it, without repeating it. */
export function located(url: string): Located {
  const [, scheme = '', text = ''] = /^([a-z+]+):(.*)$/s.exec(url) ?? []
  const backend = backends.find((each) => each.scheme === scheme)
  const other = backends.find((each) => each.alsoSchemes?.includes(scheme))
  const found = backend ?? other
  if (found === undefined) {
    throw new Error(`must be the URL of a store: ${storeUrls.join(' or ')}`)
  }
  const rest = backend === undefined ? url : text
  found.check(rest)
  return { backend: found, rest }
}

/** A backend, and what follows its scheme in a URL; the whole of one that begins with another scheme of its. */
interface Located {
  readonly backend: Backend
  readonly rest: string
}

/** A store's URL as it may be shown: without a password. */
export function shownUrl(url: string): string {
  return url.replace(
    /(?<=^[a-z+]+:\/\/)[^/?#]*@/,
    (given) => `${given.split(':')[0]?.replace('@', '')}@`,
  )
}

/** Whether something was ever stored where the settings are kept; makes nothing. */
export async function storeIsThere({
  url,
  settingsUrl = url,
}: Pick<StoresOptions, 'url' | 'settingsUrl'>): Promise<boolean> {
  const { backend, rest } = located(settingsUrl)
  if (settingsUrl === url) return backend.isThere(rest)
  const records = located(url)
  return (
    (await backend.isThere(rest, 'settings')) ||
    (await records.backend.isThere(records.rest, 'records'))
  )
}

/** Both shelves as they lie there, and the keys, which have been proven to be theirs. */
export interface ProvenShelves {
  readonly settings: Shelf
  readonly records: Shelf
  readonly master: MasterKeys
  readonly accepted: number
  /** Nothing was ever sealed there before. */
  readonly begun: boolean
}

/** @throws Error that says what to do when they cannot be used. */
export async function provenShelves(options: StoresOptions): Promise<ProvenShelves> {
  const shelves = await rawShelves(options)
  const [settings, records] = [await readMark(shelves.settings), await readMark(shelves.records)]
  const refusal = unserved(settings, 'settings') ?? unserved(records, 'records')
  if (refusal === undefined) return proven(shelves, options)
  await closeBoth(shelves)
  throw new Error(refusal)
}

/** The same, whatever a migration has made of them. */
export async function anyShelves(options: StoresOptions): Promise<ProvenShelves> {
  return proven(await rawShelves(options), options)
}

async function proven(shelves: Shelves, options: StoresOptions): Promise<ProvenShelves> {
  const { settings, records, keys, accepted } = shelves
  try {
    const master = await keysOf(settings, keys, options)
    const begun = !(await isSealed(settings))
    await proveKeys({ settings, records }, subkeys(master, 'sealing'), options.random)
    return { settings, records, master, accepted, begun }
  } catch (error) {
    await closeBoth(shelves)
    throw error
  }
}

async function closeBoth({ settings, records }: Pick<Shelves, ShelfName>): Promise<void> {
  await Promise.all([settings.close(), records.close()])
}

/** Both shelves, of one store or of two, whatever they are sealed under. */
export async function rawShelves(options: StoresOptions): Promise<Shelves> {
  const { url, settingsUrl = url } = options
  if (settingsUrl === url) {
    const { backend, rest } = promising(url, options)
    return backend.open(rest, options)
  }
  const settings = await openedOne(settingsUrl, 'settings', options)
  try {
    const records = await openedOne(url, 'records', options)
    const accepted = Math.max(settings.accepted, records.accepted)
    return { settings: settings.shelf, records: records.shelf, keys: settings.keys, accepted }
  } catch (error) {
    await settings.shelf.close()
    throw error
  }
}

async function openedOne(url: string, shelf: ShelfName, options: StoresOptions): Promise<OneShelf> {
  const { backend, rest } = promising(url, options)
  if (backend.openOne === undefined)
    throw new Error(`${backend.url} holds settings and records, or neither`)
  return backend.openOne(rest, shelf, options)
}

/** The backend of a URL, if it can promise what is asked of it. */
function promising(url: string, { durability }: StoresOptions): Located {
  const found = located(url)
  if (durability !== undefined && !found.backend.durable.includes(durability))
    throw new Error(`${found.backend.url} cannot promise PARAPET_DURABILITY=${durability}`)
  return found
}

/** Opens both shelves; throws a plain Error that says what to do when they cannot be used. */
export async function openStores(options: StoresOptions): Promise<Stores> {
  const shelves = await provenShelves(options)
  const { settings, records } = shelves
  const close = (): Promise<void> => closeBoth(shelves)
  try {
    const unlocked = unsealed(shelves, options)
    // What was accepted in one store stays so when its settings are moved to one that says it elsewhere.
    const accepted = Math.max(unlocked.accepted, await acceptedIn(unlocked.settings))
    const stores = { ...unlocked, accepted, close }
    if (!isKeptByOthers(options.url)) return stores
    const { random, url } = options
    const guarded = await guard({
      ...{ raw: { settings, records }, records: stores.records, random, url: shownUrl(url) },
      ...{ begun: shelves.begun, witnesses: witnessesOf(stores.settings, options) },
      elapsed: monotonic,
      mayLose: options.durability !== 'replica' && failsOver(url),
    })
    return { ...stores, records: guarded.records, keepGuard: guarded.keep }
  } catch (error) {
    await close()
    throw error
  }
}

/** Both shelves as whoever has the keys sees them, whatever has become of them. */
export function unsealed(
  { settings, records, master, accepted }: ProvenShelves,
  { random }: StoresOptions,
): Omit<Stores, 'close'> {
  const sealing = subkeys(master, 'sealing')
  return {
    settings: sealedStore(settings, sealing, random, damageTo('settings')),
    records: sealedStore(records, sealing, random, damageTo('records')),
    master,
    accepted,
  }
}

/** Whether another machine takes over from one that is lost, as far as the URL tells. */
function failsOver(url: string): boolean {
  const { backend, rest } = located(url)
  return backend.failsOver?.(rest) === true
}

/** Whether a store is one that outlives the process and has no marks of its own. */
export function isKeptByOthers(url: string): boolean {
  const { durable, accept } = located(url).backend
  return durable.length > 0 && accept === undefined
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
