/* What an operator does to a store by a command, beside the servers on it or without any. */
import { now } from './base/time.ts'
import { removeDemo } from './demo/populate.ts'
import { realmsOf, storesOf, storesOptions } from './opened.ts'
import type { Replacement } from './realm/key/rotation.ts'
import { replaceKeys } from './realm/key/rotation.ts'
import { storeProblems } from './servable.ts'
import type { Settings } from './server/settings.ts'
import { acceptStores } from './store/accept.ts'
import { emptyStore, type Stores, storeIsThere } from './store/index.ts'
import { acceptTime as putAcceptedTime } from './store/kept-time.ts'

/** Takes the demo's user and clients out of the store; tells what was removed. */
export async function forgetDemo(settings: Settings): Promise<readonly string[]> {
  return withStores(settings, (stores) => removeDemo(stores.settings, realmsOf(stores)))
}

/** Makes new keys for one realm, or for all; servers on this store take them up. Tells the realms. */
export async function rotateKeys(
  settings: Settings,
  path: string | undefined,
  replacement: Replacement,
): Promise<readonly string[]> {
  const times = { past: now(), now: now() }
  return withStores(settings, (stores) => replaceKeys(stores.settings, times, path, replacement))
}

/** Lets a store be served that lost something, or comes from a backup; tells what became of it. */
export async function acceptStore(
  settings: Settings,
  keepRecords: boolean,
): Promise<readonly string[]> {
  requireStore(settings)
  return acceptStores(storesOptions(settings), keepRecords)
}

/** Says for the servers on this store that the wall clock is right; see `base/trusted-time.ts`. Tells the time. */
export async function acceptTime(settings: Settings, wall = now): Promise<number> {
  const time = wall()
  await withStores(settings, (stores) => putAcceptedTime(stores.records, time))
  return time
}

/** What would keep a server with these settings from being served, that they do not show. Makes nothing. */
export async function startProblems(settings: Settings): Promise<readonly string[]> {
  // A store that is not there yet lacks what an empty one does.
  const there = storeIsThere(storesOptions(settings).url)
  try {
    return await using(there ? settings : { ...settings, store: emptyStore }, (stores) =>
      storeProblems(settings, false, stores.settings, realmsOf(stores, settings)),
    )
  } catch (error) {
    return [(error as Error).message]
  }
}

/** For a store that must be there: a slip in its name must not make another one. */
function withStores<T>(settings: Settings, use: (stores: Stores) => Promise<T>): Promise<T> {
  requireStore(settings)
  return using(settings, use)
}

async function using<T>(settings: Settings, use: (stores: Stores) => Promise<T>): Promise<T> {
  const stores = await storesOf(settings)
  try {
    return await use(stores)
  } finally {
    await stores.close()
  }
}

function requireStore(settings: Settings): void {
  const { url } = storesOptions(settings)
  if (!storeIsThere(url))
    throw new Error(`there is no store at ${url}: look at PARAPET_DATA and PARAPET_STORE`)
}
