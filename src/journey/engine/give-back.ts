import type { Realm } from '../../realm/realm.ts'
import type { Stored } from '../../store/store.ts'
import { lost, untilDecided, untilKnown } from '../../store/update.ts'
import type { ProgressRecord, Reference } from './record.ts'
import { bytes, isAbandoned, keptUntil, keyOf, parse } from './record.ts'

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
 * Gives a claimed step back, as it was: nothing came of the answers, which may be tried again. Where the store fails at
 * that as well, it is tried until the store is there again, or the step is over; nobody waits for that.
 */
export async function giveBack(realm: Realm, taken: Taken): Promise<void> {
  await untilKnown(
    () =>
      untilDecided('a step', async () =>
        releaseAt(realm, taken, await realm.records.get(keyOf(taken.id))),
      ),
    false,
  )
}

/**
 * Whether what came of an attempt is there, a further step or an end, though the store did not say so. Where it is not, it
 * will not be any more: the step is given back.
 */
export function hasGoneOn(realm: Realm, taken: Taken): Promise<boolean> {
  const { id, step, by } = taken
  return untilDecided('a step', async () => {
    const stored = await realm.records.get(keyOf(id))
    const record = stored && parse(stored.value)
    if (record?.by === by && record.step === step + 1) return true
    return (await releaseAt(realm, taken, stored)) === lost ? lost : false
  })
}

/**
 * Writes what was there before, also where that still stands: what a connection had taken before it was lost may be written
 * later, and is not once the version that it names is gone.
 */
async function releaseAt(
  realm: Realm,
  taken: Taken,
  stored: Stored | undefined,
): Promise<true | typeof lost> {
  const { id, before, from } = taken
  const { progress } = before
  if (progress === undefined) return true
  const [key, until] = [keyOf(id), keptUntil(id, progress.until)]
  if (stored === undefined) {
    if (from !== undefined || realm.now() > until) return true
    return (await realm.records.insert(key, bytes(before), until)) === 'won' || lost
  }
  if (stored.version !== from && !isOf(realm, taken, parse(stored.value))) return true
  return (await realm.records.replace(key, stored.version, bytes(before), until)) === 'won' || lost
}

/** Whether it is the attempt's claim. What failed may be the answer to a write, and not the write: then it has gone on. */
function isOf(realm: Realm, { by, step }: Taken, record: ProgressRecord): boolean {
  return record.by === by && record.step === step && !isAbandoned(realm, record)
}
