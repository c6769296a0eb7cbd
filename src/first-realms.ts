import { realmKey } from './realm/realm.ts'
import { createRealm } from './realm/realms.ts'
import { endRemoval } from './realm/removal.ts'
import type { Store } from './store/store.ts'

/** Beside the root, as the product has them. */
const beside = ['/alpha', '/bravo']

/**
 * Makes the realms an empty store lacks. The root comes last: where it is, the first start got that far, and a realm that is missing was removed by somebody.
 */
export async function ensureRealms(settings: Store): Promise<void> {
  const isNew = (await settings.get(realmKey('/'))) === undefined
  for (const path of beside) {
    await endRemoval(settings, path)
    if (isNew || (await settings.get(realmKey(path))) !== undefined)
      await createRealm(settings, { path, aliases: [], document: {} })
  }
  await createRealm(settings, { path: '/', aliases: [], document: {} })
}
