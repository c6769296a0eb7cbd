import type { Store } from '../store/store.ts'
import { never, StoreUnavailable } from '../store/store.ts'
import { realmKey } from './realm.ts'

/** How often a write that somebody else was faster than is tried anew. */
const attempts = 5

/** Gives a realm a new version, so that every process reads its keys anew. */
export async function touchRealm(settings: Store, path: string): Promise<void> {
  const key = realmKey(path)
  for (let i = 0; i < attempts; i++) {
    const stored = await settings.get(key)
    if (stored === undefined) return
    if ((await settings.replace(key, stored.version, stored.value, never)) === 'won') return
  }
  throw new StoreUnavailable('a realm kept changing')
}
