import { memo } from '../../base/memo.ts'
import { oneAfterAnother, type Waiting } from '../../base/one-after-another.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Store } from '../../store/store.ts'

/** Those who wait in this process, by the path of their realm. */
const waiting = memo((_settings: Store): Waiting => new Map())

/**
 * Does works of one realm one after another, each after what came before it has ended, well or not. What is counted
 * before a write then still holds at the write, but for what other processes write meanwhile.
 */
export function inTurn<T>(
  { settings, path }: Pick<Realm, 'settings' | 'path'>,
  work: () => Promise<T>,
): Promise<T> {
  return oneAfterAnother(waiting(settings), path, work)
}
