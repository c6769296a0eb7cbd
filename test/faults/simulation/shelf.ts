/** A shelf that is the same for all simulated processes, and a process's way to it, on which things go wrong. */
import {
  type Outcome,
  type SingleUseKey,
  type Store,
  type Stored,
  StoreUnavailable,
} from '../../../src/store/store.ts'
import type { Scheduler } from './scheduler.ts'

export interface Entry extends Stored {
  readonly expiry: number
}

/** What is stored, whoever asks. */
export interface Shelf {
  readonly entries: Map<string, Entry>
  writes: number
  readonly now: () => number
}

/** What goes wrong on the way to a shelf, each so often. */
export interface Trouble {
  /** Nothing is done, and that is said. */
  readonly refused: number
  /** It is done, and nobody is told. */
  readonly unanswered: number
  /** A mark and its write are two steps, of which a crash may leave the first. */
  readonly markFirst: boolean
}

/** The five verbs of one process, each of which waits for its turn before it is done, and before it is told. */
export function shelfOf(
  shelf: Shelf,
  scheduler: Scheduler,
  who: string,
  trouble: () => Trouble,
): Store {
  const { entries, now } = shelf
  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    return entry === undefined || entry.expiry < now() ? undefined : entry
  }
  const put = (key: string, value: Buffer, expiry: number): void => {
    shelf.writes += 1
    entries.set(key, { value: Buffer.from(value), version: shelf.writes, expiry })
  }
  const spend = (mark: SingleUseKey | undefined): boolean => {
    if (mark === undefined) return true
    if (live(mark.key) !== undefined) return false
    put(mark.key, Buffer.alloc(0), mark.expiry)
    return true
  }
  const verb = async <T>(what: string, act: () => T): Promise<T> => {
    await scheduler.turn(who, `${what} begins`)
    if (scheduler.chance(trouble().refused)) throw new StoreUnavailable('refused')
    const done = act()
    await scheduler.turn(who, `${what} ends`)
    if (scheduler.chance(trouble().unanswered)) throw new StoreUnavailable('unanswered')
    return done
  }
  const write = async (
    what: string,
    mark: SingleUseKey | undefined,
    act: () => Outcome,
  ): Promise<Outcome> => {
    if (mark === undefined || !trouble().markFirst)
      return verb(what, () => (spend(mark) ? act() : 'spent'))
    return (await verb('mark', () => spend(mark))) ? verb(what, act) : 'spent'
  }
  return {
    get: (key) => verb('get', () => live(key)),
    insert: (key, value, expiry, mark) =>
      write('insert', mark, () => {
        if (live(key) !== undefined) return 'lost'
        put(key, value, expiry)
        return 'won'
      }),
    replace: (key, version, value, expiry, mark) =>
      write('replace', mark, () => {
        if (live(key)?.version !== version) return 'lost'
        put(key, value, expiry)
        return 'won'
      }),
    delete: (key) =>
      verb('delete', () => live(key) !== undefined && entries.delete(key) && ++shelf.writes > 0),
    list: (folder, limit, cursor = '') =>
      verb('list', () => {
        const keys = [...entries.keys()]
          .filter((key) => key.slice(0, key.lastIndexOf('/')) === folder && key > cursor)
          .filter((key) => live(key) !== undefined)
          .sort()
        return {
          keys: keys.slice(0, limit),
          cursor: keys.length > limit ? keys[limit - 1] : undefined,
        }
      }),
    changeCount: () => shelf.writes,
    failing: () => false,
    damaged: () => false,
    sweep: async () => 0,
    close: async () => undefined,
  }
}
