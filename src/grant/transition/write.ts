import { tellStep } from '../../base/trace.ts'
import type { SingleUse } from '../../client/single-use.ts'
import { spentBefore } from '../../client/single-use.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Outcome, SingleUseKey } from '../../store/store.ts'
import { encode } from '../codec.ts'
import type { RecordKey } from '../handle.ts'
import { storeKey } from '../handle.ts'
import type { AuthorizationRecord, Found } from '../record.ts'

/** Creates a record; the key is random, so losing means something is badly wrong. */
export async function insertRecord(
  realm: Realm,
  key: RecordKey,
  encoded: Buffer,
  expiry: number,
  singleUse?: SingleUseKey,
): Promise<'won' | 'spent'> {
  const outcome = await realm.records.insert(storeKey(key), encoded, expiry, singleUse)
  if (outcome === 'lost') throw new Error('a new record key was taken')
  return outcome
}

/** Moves a record on. */
export function replaceRecord(
  realm: Realm,
  found: Found,
  record: AuthorizationRecord,
  expiry: number,
  singleUse?: SingleUseKey,
): Promise<Outcome> {
  return realm.records.replace(
    storeKey(found.key),
    found.version,
    encode(record),
    expiry,
    singleUse,
  )
}

/**
 * The same with what the call may use once, spent by the same write; once it is written, `step` is told
 * to whoever watches. False when another write was first.
 *
 * @throws OAuthError when that had been used before; then nothing is written.
 */
export async function moveOn(
  realm: Realm,
  found: Found,
  step: string,
  record: AuthorizationRecord,
  expiry: number,
  singleUse?: SingleUse,
): Promise<boolean> {
  const outcome = await replaceRecord(realm, found, record, expiry, singleUse?.take())
  if (outcome === 'spent') throw spentBefore(singleUse)
  if (outcome !== 'won') return false
  tellStep(found.key, step)
  return true
}
