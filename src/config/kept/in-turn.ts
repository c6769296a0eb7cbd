import { memo } from '../../base/memo.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Store } from '../../store/store.ts'

/** What ends last of each realm, by its path, in this process. */
const ends = memo((_settings: Store) => new Map<string, Promise<unknown>>())

/**
 * Does works of one realm one after another, each after what came before it has ended, well or not. What is counted
 * before a write then still holds at the write, but for what other processes write meanwhile.
 */
export async function inTurn<T>(
  { settings, path }: Pick<Realm, 'settings' | 'path'>,
  work: () => Promise<T>,
): Promise<T> {
  const waiting = ends(settings)
  const mine = (waiting.get(path) ?? Promise.resolve()).then(work)
  const end = mine.catch(() => undefined)
  waiting.set(path, end)
  try {
    return await mine
  } finally {
    if (waiting.get(path) === end) waiting.delete(path)
  }
}
