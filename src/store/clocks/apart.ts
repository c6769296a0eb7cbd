/* clocks: whether the nodes of one store go by one time, told by what each of them writes down. */
import { alarm, event } from '../../base/log.ts'
import type { Clock } from '../../base/time.ts'
import { keysIn } from '../keys-in.ts'
import type { Store } from '../store.ts'

/** Seconds by which nodes may differ (docs/guide/time.md). */
const borne = 30

/**
 * Looks at the times that other nodes write to a folder, as `{ now }` in seconds, each a key `<folder>/<name>`. One that
 * was written since the look before is of a moment between the two: what it says beyond that is by how much the clocks
 * differ, at least. More than half a minute raises `clock.apart`, once until they agree again; a node that writes
 * no more says nothing.
 */
export function clocksApart(
  store: Store,
  now: Clock,
  folder: string,
  ownKey: string,
): () => Promise<void> {
  const versions = new Map<string, number>()
  const apart = new Set<string>()
  let before: number | undefined
  const tell = (node: string, seconds: number): void => {
    const differs = Math.abs(seconds) > borne
    if (differs === apart.has(node)) return
    if (differs) apart.add(node)
    else apart.delete(node)
    if (differs) alarm('clock.apart', { node, seconds })
    else event('clock.together', { node }, 'warn')
  }
  return async () => {
    const [from, began] = [before, now()]
    for await (const key of keysIn(store, folder)) {
      const stored = key === ownKey ? undefined : await store.get(key)
      if (stored === undefined || versions.get(key) === stored.version) continue
      versions.set(key, stored.version)
      if (from === undefined) continue
      const theirs = (JSON.parse(stored.value.toString()) as { readonly now: number }).now
      const node = decodeURIComponent(key.slice(folder.length + 1))
      tell(node, Math.max(0, theirs - now()) + Math.min(0, theirs - from))
    }
    before = began
  }
}
