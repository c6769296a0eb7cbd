/* clocks: whether the nodes of one store go by one time, told by what each of them writes down. */
import { alarm, event } from '../../base/log.ts'
import type { Clock } from '../../base/time.ts'
import { keysIn } from '../keys-in.ts'
import type { Store } from '../store.ts'
import { type Listeners, toldOnce } from './told-once.ts'

/** Seconds by which nodes may differ (docs/guide/time.md). */
const borne = 30

/** Who has written nothing for so many looks is gone, for now: there is one for every name that a node ever had. */
const untilGone = 12

/** Who is gone is looked for once in so many looks. */
const rarely = 30

/** What was seen of a node: which version, when that was looked at last, and in how many looks it was the same. */
interface Seen {
  readonly version: number
  readonly at: number
  readonly unchanged: number
}

/**
 * Looks at the times that other nodes write to a folder, as `{ now }` in seconds, each a key `<folder>/<name>`. One that
 * was written since it was looked at before is of a moment between the two: what it says beyond that is by how much the clocks
 * differ, at least. More than half a minute raises `clock.apart`, once until they agree again; a node that writes
 * no more says nothing, and is looked at now and then. A look never throws: one that comes to something it cannot read raises
 * `clock.not_compared`, once until a look is whole again, and one that the store fails is made up for by the next.
 */
export function clocksApart(
  store: Store,
  now: Clock,
  folder: string,
  ownKey: string,
): () => Promise<void> {
  const seen = new Map<string, Seen>()
  const apart = new Set<string>()
  let [looks, before] = [0, undefined as number | undefined]
  const tell = (node: string, seconds: number): void => {
    const differs = Math.abs(seconds) > borne
    if (differs === apart.has(node)) return
    if (differs) apart.add(node)
    else apart.delete(node)
    if (differs) alarm('clock.apart', { node, seconds })
    else event('clock.together', { node }, 'warn')
  }
  return toldOnce(async () => {
    const [from, began] = [before, now()]
    looks += 1
    let turn = looks
    for await (const key of keysIn(store, folder)) {
      turn += 1
      const known = seen.get(key)
      const isGone = known !== undefined && known.unchanged >= untilGone
      if (key === ownKey || (isGone && turn % rarely !== 0)) continue
      const stored = await store.get(key)
      if (stored === undefined) continue
      const { version } = stored
      const isSame = known?.version === version
      seen.set(key, { version, at: began, unchanged: isSame ? known.unchanged + 1 : 0 })
      const since = known?.at ?? from
      if (isSame || since === undefined) continue
      const theirs = (JSON.parse(stored.value.toString()) as { readonly now: number }).now
      const node = decodeURIComponent(key.slice(folder.length + 1))
      tell(node, Math.max(0, theirs - now()) + Math.min(0, theirs - since))
    }
    before = began
  }, notCompared)
}

/** What is told where clocks cannot be compared. */
const notCompared: Listeners = {
  broken: (reason) => alarm('clock.not_compared', { reason }),
}
