import type { JsonObject } from '../base/json.ts'
import type { Store, Stored } from '../store/store.ts'
import { update } from '../store/update.ts'
import { realmKey } from './realm.ts'

/** Gives a realm a new version, so that every process reads its keys anew; false when there is none. */
export function touchRealm(settings: Store, path: string): Promise<boolean> {
  const touched = (stored: Stored | undefined): Buffer | undefined => {
    if (stored === undefined) return undefined
    const { removed } = JSON.parse(stored.value.toString()) as JsonObject
    return removed === true ? undefined : stored.value
  }
  return update(settings, realmKey(path), 'the version of a realm', touched, 'many')
}
