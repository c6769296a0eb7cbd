import type { Realm } from '../../realm/realm.ts'
import type { Progress, Reference } from './record.ts'
import { isAbandoned, keyOf, parse } from './record.ts'
import type { Won } from './take.ts'
import { take, untilFree } from './take.ts'

/** What became of an attempt to resume a journey. */
export type Resumed =
  | Won
  /** The same browser has done so before, and stands here. */
  | { readonly kind: 'again'; readonly progress: Progress; readonly step: number }
  | { readonly kind: 'over' }
  | { readonly kind: 'busy' }

/**
 * Resumes what was suspended: once, by whoever comes first. `bound`: to which browser it belongs from now on; where
 * that one comes once more it is told where it stands, so that a lost answer loses nobody's work.
 */
export function claimSuspended(
  realm: Realm,
  from: Pick<Reference, 'id' | 'step'>,
  bound: string,
): Promise<Resumed> {
  return untilFree(() => tryResume(realm, from, bound))
}

async function tryResume(
  realm: Realm,
  { id, step }: Pick<Reference, 'id' | 'step'>,
  bound: string,
): Promise<Resumed | 'wait'> {
  const stored = await realm.records.get(keyOf(id))
  const record = stored && parse(stored.value)
  const progress = record?.progress
  if (stored === undefined || record === undefined || progress === undefined)
    return { kind: 'over' }
  if (realm.now() >= progress.until) return { kind: 'over' }
  const theirs = bound !== '' && progress.bound === bound
  if (record.step === step + 1 && theirs && record.resumed === true && record.claim === undefined)
    return { kind: 'again', progress, step: record.step }
  if (record.step !== step || !progress.position.suspended) return { kind: 'over' }
  if (record.claim !== undefined) {
    // It may still be given back. Who has no browser may be the one who has claimed it, and was told to come again.
    const own = record.claim === claimOf(bound)
    return own && !isAbandoned(realm, record) ? 'wait' : { kind: 'over' }
  }
  const before = { ...record, progress }
  return take(realm, { id, step, before, from: stored.version }, claimOf(bound))
}

/** No digest of answers has a space. */
function claimOf(bound: string): string {
  return `resumed ${bound}`
}
