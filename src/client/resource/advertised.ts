import { lru } from '../../base/lru.ts'
import { memo } from '../../base/memo.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Store } from '../../store/store.ts'
import { resourcesIn } from './resource.ts'

/** A list, and how often anything of the shelf had changed when it was made. */
interface Listed {
  readonly changeCount: number
  readonly identifiers: readonly string[]
}

const listsOf = memo((_: Store) => lru<Listed>(1000))

/** The resources a realm's metadata list (RFC 9728 §4), in order; walked anew only after something was written. */
export async function advertisedResources(
  realm: Pick<Realm, 'path' | 'settings'>,
): Promise<readonly string[]> {
  const lists = listsOf(realm.settings)
  const changeCount = await realm.settings.changeCount()
  const known = lists.get(realm.path)
  if (known?.changeCount === changeCount) return known.identifiers
  const found = await resourcesIn(realm)
  const identifiers = found
    .filter(({ advertised }) => advertised)
    .map(({ identifier }) => identifier)
  lists.set(realm.path, { changeCount, identifiers })
  return identifiers
}
