/**
 * store: records under keys, and five verbs that are each atomic on one key and tell who won. No
 * OAuth word stands here; what the values mean is the business of the floors to the right.
 */
import type { Ready } from '../base/ready.ts'

/** What was read: the value and the version that `replace` must name. */
export interface Stored {
  readonly value: Buffer
  /**
   * Opaque. No two values a key ever had share a version, not even across delete and insert, so a
   * cached value is still right exactly when the version is.
   */
  readonly version: number
}

/** How a write ended: it won, another write had been there first, or its mark had been spent before. */
export type Outcome = 'won' | 'lost' | 'spent'

/**
 * A key that is spent by being inserted, together with a write that counts only if the mark was new
 * (replay detection). Stores that cannot do both at once spend the mark first, so in every store a
 * mark whose write lost stays spent: whoever decides again writes without it.
 */
export interface SingleUseKey {
  readonly key: string
  /** Seconds: until then the mark is remembered. */
  readonly expiry: number
}

/** One page of a walk. */
export interface Walked {
  readonly records: readonly (Stored & { readonly key: string; readonly expiry: number })[]
  /** Pass it on to walk further; undefined at the end. Opaque. */
  readonly cursor: string | undefined
}

/** One page of keys. */
export interface Page {
  readonly keys: readonly string[]
  /** Pass it on to read further; undefined at the end. It is the last key. */
  readonly cursor: string | undefined
}

/**
 * Keys are ASCII, at most 512 characters. A key that starts with 12 lower-case hex digits and is
 * written to the `records` shelf begins with the second after which it may be swept.
 *
 * `expiry` is the last second in which the record is there (`never` for no last one). It may be any number, since it may
 * come of a time that others say: of a fraction the next whole second is, and what is beyond `never` is that. Once it has passed
 * no verb sees the record, swept or not. How long a value is valid is written in the value.
 * A sweep goes by a time of its own, which is never ahead of the one that the verbs go by: a clock that
 * was wrong for a while hides what it calls over, and deletes nothing (see `base/trusted-time.ts`).
 *
 * A write's promise settles when the write is durable. It rejects with `StoreUnavailable` when
 * nothing is known to have been written; the caller answers 503.
 */
export interface Store {
  get(key: string): Ready<Stored | undefined>
  /**
   * 'won' only for the first; an expired record counts as none. What nobody waits for may come `behind`:
   * a store that commits writes together gives such ones a commit of their own.
   */
  insert(
    key: string,
    value: Buffer,
    expiry: number,
    mark?: SingleUseKey,
    behind?: 'behind',
  ): Promise<Outcome>
  /** Compare and swap: 'won' only if the record still has that version. `behind` as with `insert`. */
  replace(
    key: string,
    version: number,
    value: Buffer,
    expiry: number,
    mark?: SingleUseKey,
    behind?: 'behind',
  ): Promise<Outcome>
  /** True if there was something to delete. */
  delete(key: string): Promise<boolean>
  /**
   * Keys directly in a folder, in order, at most `limit`: a key's folder is what stands before its
   * last slash; a key without a slash is in no folder. A hint: the record is the truth. `cursor`: only
   * what comes behind this text, be it a key or not.
   */
  list(folder: string, limit: number, cursor?: string): Promise<Page>
  /**
   * A number that has grown when anything in this shelf was written, here, or by another process
   * before this turn of the event loop began. Cheap enough to ask several times in a request. A store
   * that others keep may answer later, with what counted there no earlier than it was asked.
   */
  changeCount(): Ready<number>
  /** Whether a commit failed, for a full disk say, and none as large has succeeded since (see `queue.ts`). */
  failing(): boolean
  /** Whether something was read that cannot be what was written, or the files are gone: what else it says is not to be relied on. */
  damaged(): boolean
  /** Deletes a bounded batch of garbage; tells how many, or undefined where it found none yet and has to look further. */
  sweep(): Promise<number | undefined>
  close(): Promise<void>
}

/** A store as it lies there, for its upkeep too: no request walks one. */
export interface Shelf extends Store {
  /**
   * Records of every folder, some `limit` at once, in no order. Whatever is there from the first page to
   * the last is met, now and then more than once; a page may be empty.
   */
  walk(limit: number, cursor?: string): Promise<Walked>
  /**
   * How often it was connected to, where it is reached by connections. Counted before anything that was asked by one
   * of them is answered.
   */
  reached?(): number
}

/** `expiry` of what never becomes garbage. */
export const never = 2 ** 47

/** A time in seconds as the 12 hex digits that begin a key of the `records` shelf. */
export function keyTime(seconds: number): string {
  return seconds.toString(16).padStart(12, '0')
}

/** What every backend asks of a key before it creates a record. */
export const keyForm = /^[ -~]{1,512}$/

/** What is thrown at a key of another form: it is the caller's bug. */
function notAKey(key: string): Error {
  return new Error(`not a key of a store: ${JSON.stringify(key)}`)
}

/** An expiry as every store keeps it: a whole second, and of all that are beyond `never` that one. */
export function lastSecond(expiry: number): number {
  return Math.min(Math.max(Math.ceil(expiry), 0), never)
}

/** What is wrong with a record that is to be created, whatever it says: it is the caller's bug. */
export function wrongWith(key: string, expiry: number): Error | undefined {
  if (!keyForm.test(key)) return notAKey(key)
  return Number.isNaN(expiry) ? new Error(`not an expiry of a record: ${key}`) : undefined
}

/** Thrown when a store could not tell or do what was asked; `retryAfter` in seconds. */
export class StoreUnavailable extends Error {
  readonly retryAfter = 1
}
