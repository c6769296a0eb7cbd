import { activeOf } from '../../realm/key/key-state.ts'
import { byFamily, storedKeys } from '../../realm/key/stored-key.ts'
import { allRealms } from '../../realm/realms.ts'
import type { Store } from '../../store/store.ts'
import type { KeyAge } from './metrics.ts'

/** How old the keys in use are, of as many realms as are told apart. `now` in seconds. */
export async function keyAges(
  settings: Store,
  now: number,
  mostRealms: number,
): Promise<readonly KeyAge[]> {
  const ages: KeyAge[] = []
  for (const { record } of (await allRealms(settings)).slice(0, mostRealms)) {
    const families = byFamily(await storedKeys(settings, record.path))
    for (const [family, keys] of families) {
      const { since } = activeOf(keys, now) ?? keys[0]
      // Of what was made before that was written down nothing is known.
      if (since > 0) ages.push({ realm: record.path, family, age: Math.max(0, now - since) })
    }
  }
  return ages
}
