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

/** The resources a realm's metadata list (RFC 9728 §4), in order. */
export function advertisedResources({
  path,
  settings,
}: Pick<Realm, 'path' | 'settings'>): Promise<readonly string[]> {
  return listsOf(settings)(path)
}

/** They are walked anew only after something was written. */
const listsOf = memo((settings: Store) => {
  const lists = lru<Listed>(1000)
  return async (path: string): Promise<readonly string[]> => {
    const changeCount = await settings.changeCount()
    const known = lists.get(path)
    if (known?.changeCount === changeCount) return known.identifiers
    const advertised = (await resourcesIn({ path, settings })).filter((each) => each.advertised)
    const identifiers = advertised.map(({ identifier }) => identifier)
    lists.set(path, { changeCount, identifiers })
    return identifiers
  }
})
