import { delay } from '../../base/time.ts'
import type { Realm } from '../../realm/realm.ts'
import type { ProgressRecord, Reference } from './record.ts'
import { bytes, isAbandoned, keptUntil, keyOf, parse, workedOnFor } from './record.ts'

/** A step that somebody has claimed, or may have, where the store has not told. */
export interface Taken extends Pick<Reference, 'id' | 'step'> {
  /** Which attempt it was. */
  readonly by: string
  /** What was there before. */
  readonly before: ProgressRecord
}

/**
 * Gives a claimed step back, as it was: nothing came of the answers, which may be tried again. So is one whose end is
 * written already, for who could not do what follows from it and told nobody. Where the store fails at
 * that as well, it is tried until the store is there again, or the step is over; nobody waits for that.
 */
export async function giveBack(realm: Realm, taken: Taken): Promise<void> {
  if (!(await released(realm, taken))) void giveBackLater(realm, taken)
}

/** Milliseconds after which it is tried anew: twice as many each time. */
const firstPause = 100

async function giveBackLater(realm: Realm, taken: Taken): Promise<void> {
  for (let pause = firstPause; pause * 2 < workedOnFor * 1000; pause *= 2) {
    await delay(pause, false)
    if (await released(realm, taken)) return
  }
}

/** Whether it is nobody's any more by this attempt; false where the store fails. */
function released(realm: Realm, taken: Taken): Promise<boolean> {
  return release(realm, taken).then(
    () => true,
    () => false,
  )
}

async function release(realm: Realm, { id, step, by, before }: Taken): Promise<void> {
  const key = keyOf(id)
  const stored = await realm.records.get(key)
  const record = stored && parse(stored.value)
  if (stored === undefined || record?.by !== by || isAbandoned(realm, record)) return
  // What failed may be the answer to a write, and not the write: then it has gone on.
  const ended = record.step === step + 1 && record.progress === undefined
  if (before.progress === undefined || (record.step !== step && !ended)) return
  const until = keptUntil(id, before.progress.until)
  await realm.records.replace(key, stored.version, bytes(before), until)
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
