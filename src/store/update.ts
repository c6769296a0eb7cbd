import { oneAfterAnother, type Waiting } from '../base/one-after-another.ts'
import { random } from '../base/random.ts'
import { delay } from '../base/time.ts'
import { never, type Store, type Stored, StoreUnavailable } from './store.ts'

/** What an attempt answers whose write came second: it is read and decided anew. */
export const lost: unique symbol = Symbol('lost')

/** How often a write that another one was faster than is decided anew. */
const attempts = 5

/**
 * Reads, decides and writes until no other write comes between, at most five times. Losing is no
 * refusal: what was read is old, and the decision is made again by what stands there now.
 *
 * @throws StoreUnavailable when `what` kept changing; the caller may come back later.
 */
export function untilDecided<T>(what: string, attempt: () => Promise<T | typeof lost>): Promise<T> {
  return decidedIn(attempts, what, attempt)
}

async function decidedIn<T>(
  tries: number,
  what: string,
  attempt: () => Promise<T | typeof lost>,
  pauseBefore?: (i: number) => Promise<void>,
): Promise<T> {
  for (let i = 0; i < tries; i++) {
    if (pauseBefore !== undefined) await pauseBefore(i)
    const result = await attempt()
    if (result !== lost) return result
  }
  throw new StoreUnavailable(`${what} kept changing`)
}

/** Those who wait in this process, by what they save and which one. */
const waiting: Waiting = new Map()

/**
 * How often what people save is decided anew. In this process one at a time tries it, so that each other process stands for
 * one writer, however many wait in it.
 */
const savings = 40

/** Milliseconds that it waits at most before it is tried anew. */
const longestPause = 40

/** Ever longer, and for each another time, so that processes that lost to each other do not meet again: 1.4 s in all at most. */
function pauseOfItsOwn(i: number): Promise<void> {
  const most = Math.min(2 ** i, longestPause)
  return delay((most * random(2).readUInt16BE()) / 65_536)
}

/**
 * The same for what people and their scripts save: those of one process that lost wait for each other, so that however many
 * save one thing at once, each is decided. `key`: which thing of all that are `what`. An attempt must not save the same one
 * by the same words: it would wait for itself.
 *
 * @throws StoreUnavailable when what other processes do keeps changing it.
 */
export async function untilSaved<T>(
  what: string,
  key: string,
  attempt: () => Promise<T | typeof lost>,
): Promise<T> {
  const first = await attempt()
  if (first !== lost) return first
  const again = () => decidedIn(savings - 1, what, attempt, pauseOfItsOwn)
  return oneAfterAnother(waiting, `${what} ${key}`, again)
}

/**
 * Writes what `change` makes of a record that lives for ever, as it stands or undefined where there is
 * none; when that answers undefined nothing is written. Tells whether something was. `writers`: whether many may do so
 * at once, see `untilSaved`.
 */
export function update(
  store: Store,
  key: string,
  what: string,
  change: (stored: Stored | undefined) => Buffer | undefined,
  writers: 'few' | 'many' = 'few',
): Promise<boolean> {
  const attempt = async (): Promise<boolean | typeof lost> => {
    const stored = await store.get(key)
    const value = change(stored)
    if (value === undefined) return false
    return (await writeOver(store, key, value, stored)) ? true : lost
  }
  return writers === 'many' ? untilSaved(what, key, attempt) : untilDecided(what, attempt)
}

/**
 * Writes a record that lives for ever in the place of what was read, or a new one where there was none;
 * false when somebody was faster.
 */
export async function writeOver(
  store: Store,
  key: string,
  value: Buffer,
  before: { readonly version: number } | undefined,
): Promise<boolean> {
  const outcome = await (before === undefined
    ? store.insert(key, value, never)
    : store.replace(key, before.version, value, never))
  return outcome === 'won'
}

/** Removes a record as it was read; false when it had changed or gone meanwhile. */
export async function removeAsRead(
  store: Store,
  key: string,
  before: { readonly version: number },
): Promise<boolean> {
  return (await store.replace(key, before.version, Buffer.alloc(0), 0)) === 'won'
}

/** Milliseconds after which it is tried anew while somebody waits, and while nobody does: ever later, for a minute in all. */
const waited = [100, 300]
const unwaited = [100, 200, 400, 800, 1600, ...Array.from({ length: 18 }, () => 3200)]

/** How many are tried at once that nobody waits for: where a store takes nothing, each holds what it is about. */
const mostUnwaited = 1000
let trying = 0

/**
 * What is found out of a write that failed, once the store tells. Undefined: not in the time that somebody who waits has; it
 * is tried on then, and nobody waits for that. `patient`: whether somebody waits beyond the first time.
 */
export async function untilKnown<T>(
  find: () => Promise<T>,
  patient = true,
): Promise<T | undefined> {
  let found = await known(find)
  for (const pause of patient ? waited : []) {
    if (found !== undefined) break
    await delay(pause)
    found = await known(find)
  }
  if (found === undefined) void unwaitedFor(find)
  return found?.is
}

async function unwaitedFor<T>(find: () => Promise<T>): Promise<void> {
  if (trying >= mostUnwaited) return
  trying += 1
  for (const pause of unwaited) {
    await delay(pause, false)
    if ((await known(find)) !== undefined) break
  }
  trying -= 1
}

function known<T>(find: () => Promise<T>): Promise<{ readonly is: T } | undefined> {
  return find().then(
    (is) => ({ is }),
    () => undefined,
  )
}
