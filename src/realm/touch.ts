import type { Store } from '../store/store.ts'
import { update } from '../store/update.ts'
import { realmKey } from './realm.ts'

/** Gives a realm a new version, so that every process reads its keys anew. */
export async function touchRealm(settings: Store, path: string): Promise<void> {
  await update(settings, realmKey(path), 'a realm', (stored) => stored?.value)
}
