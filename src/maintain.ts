/* What an operator does to a store by a command, beside the servers on it or without any. */
import { now } from './base/time.ts'
import { removeDemo } from './demo/populate.ts'
import { realmsOf, storesOf, storesOptions } from './opened.ts'
import { replaceKeys } from './realm/rotation.ts'
import type { Settings } from './server/settings.ts'
import { acceptStores } from './store/accept.ts'
import type { Stores } from './store/index.ts'

/** Takes the demo's user and clients out of the store; tells what was removed. */
export function forgetDemo(settings: Settings): Promise<readonly string[]> {
  return withStores(settings, (stores) => removeDemo(stores.settings, realmsOf(stores)))
}

/** Makes new keys to encrypt to for one realm, or for all; servers on this store take them up. Tells the realms. */
export function rotateKeys(settings: Settings, path?: string): Promise<readonly string[]> {
  return withStores(settings, (stores) => replaceKeys(stores.settings, now(), path))
}

/** Lets a store be served that lost something, or comes from a backup; tells what became of it. */
export async function acceptStore(
  settings: Settings,
  keepRecords: boolean,
): Promise<readonly string[]> {
  return acceptStores(storesOptions(settings), keepRecords)
}

async function withStores<T>(settings: Settings, use: (stores: Stores) => Promise<T>): Promise<T> {
  const stores = await storesOf(settings)
  try {
    return await use(stores)
  } finally {
    await stores.close()
  }
}
