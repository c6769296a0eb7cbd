import { delay } from '../../base/time.ts'
import type { Realm } from '../../realm/realm.ts'
import { lost, untilDecided } from '../../store/update.ts'
import type { ProgressRecord, Reference } from './record.ts'
import { bytes, isAbandoned, keptUntil, keyOf, parse, workedOnFor } from './record.ts'

/** A step that somebody has claimed, or may have, where the store has not told. */
export interface Taken extends Pick<Reference, 'id' | 'step'> {
  /** Which attempt it was. */
  readonly by: string
  /** What was there before. */
  readonly before: ProgressRecord
  /** In the place of which version the claim was written; undefined: nothing was stored yet. */
  readonly from: number | undefined
}

/**
 * Gives a claimed step back, as it was: nothing came of the answers, which may be tried again. So is one whose end is
 * written already, for who could not do what follows from it and told nobody. Where the store fails at
 * that as well, it is tried until the store is there again, or the step is over; nobody waits for that.
 */
export async function giveBack(realm: Realm, taken: Taken): Promise<void> {
  if (!(await released(realm, taken))) void giveBackLater(realm, taken)
}

/** Milliseconds after which it is tried anew: twice as many each time, up to the longest. */
const firstPause = 100
const longestPause = 3200

/** How many are tried anew at once: where the store takes nothing, each holds its journey. */
const mostLater = 1000
let later = 0

async function giveBackLater(realm: Realm, taken: Taken): Promise<void> {
  if (later >= mostLater) return
  later += 1
  let pause = firstPause
  for (let left = workedOnFor * 1000; left > pause; pause = Math.min(pause * 2, longestPause)) {
    left -= pause
    await delay(pause, false)
    if (await released(realm, taken)) break
  }
  later -= 1
}

/** Whether it is nobody's any more by this attempt; false where the store fails. */
function released(realm: Realm, taken: Taken): Promise<boolean> {
  return untilDecided('a step', () => release(realm, taken)).then(
    () => true,
    () => false,
  )
}

/**
 * Writes what was there before, also where that still stands: what a connection had taken before it was lost may be written
 * later, and is not once the version that it names is gone.
 */
async function release(realm: Realm, taken: Taken): Promise<true | typeof lost> {
  const { id, before, from } = taken
  const { progress } = before
  if (progress === undefined) return true
  const [key, until] = [keyOf(id), keptUntil(id, progress.until)]
  const stored = await realm.records.get(key)
  if (stored === undefined) {
    if (from !== undefined || realm.now() > until) return true
    return (await realm.records.insert(key, bytes(before), until)) === 'won' || lost
  }
  if (stored.version !== from && !isOf(realm, taken, parse(stored.value))) return true
  return (await realm.records.replace(key, stored.version, bytes(before), until)) === 'won' || lost
}

/** Whether it is what the attempt has written. What failed may be the answer to a write, and not the write: then it has gone on. */
function isOf(realm: Realm, { by, step }: Taken, record: ProgressRecord): boolean {
  if (record.by !== by || isAbandoned(realm, record)) return false
  return record.step === step || (record.step === step + 1 && record.progress === undefined)
}

/** Writes a claim; where the store does not tell whether it is there, it is given back. */
export async function claimed<T>(realm: Realm, taken: Taken, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    await giveBack(realm, taken)
    throw error
  }
}
