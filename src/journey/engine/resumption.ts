import { delay } from '../../base/time.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Taken } from './give-back.ts'
import { claimed as written } from './give-back.ts'
import type { Progress, Reference } from './record.ts'
import { bytes, isAbandoned, keptUntil, keyOf, newClaim, parse } from './record.ts'

/** What became of an attempt to resume a journey. */
export type Resumed =
  | { readonly kind: 'won'; readonly progress: Progress; readonly taken: Taken }
  /** The same browser has done so before, and stands here. */
  | { readonly kind: 'again'; readonly progress: Progress; readonly step: number }
  | { readonly kind: 'over' }
  | { readonly kind: 'busy' }

/**
 * Resumes what was suspended: once, by whoever comes first. `bound`: to which browser it belongs from now on; where
 * that one comes once more it is told where it stands, so that a lost answer loses nobody's work.
 */
export async function claimSuspended(
  realm: Realm,
  from: Pick<Reference, 'id' | 'step'>,
  bound: string,
): Promise<Resumed> {
  for (let tries = 0; tries < 100; tries += 1) {
    const resumed = await tryResume(realm, from, bound)
    if (resumed !== 'wait') return resumed
    await delay(50)
  }
  return { kind: 'busy' }
}

async function tryResume(
  realm: Realm,
  { id, step }: Pick<Reference, 'id' | 'step'>,
  bound: string,
): Promise<Resumed | 'wait'> {
  const key = keyOf(id)
  const stored = await realm.records.get(key)
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
    const own = bound !== '' && record.claim === claimOf(bound)
    return own && !isAbandoned(realm, record) ? 'wait' : { kind: 'over' }
  }
  const claim = newClaim(realm, claimOf(bound))
  const taken = { id, step, by: claim.by, before: record, from: stored.version }
  const until = keptUntil(id, progress.until)
  const outcome = await written(realm, taken, () =>
    realm.records.replace(key, stored.version, bytes({ ...record, ...claim }), until),
  )
  return outcome === 'won' ? { kind: 'won', progress, taken } : 'wait'
}

/** No digest of answers has a space. */
function claimOf(bound: string): string {
  return `resumed ${bound}`
}
