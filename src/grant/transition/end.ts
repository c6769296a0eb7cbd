import type { SingleUse } from '../../client/single-use.ts'
import type { Realm } from '../../realm/realm.ts'
import { tombstoneExpiry } from '../lifetime.ts'
import type { Answer, AuthorizationRecord, Denied, Ended, Found, Unanswered } from '../record.ts'
import { moveOn } from './write.ts'

/** pushed or opened → denied: the user said no, and that spends the request too (C-2b). */
export async function deny(
  realm: Realm,
  found: Unanswered,
  answer: Answer | undefined,
): Promise<boolean> {
  const { record } = found
  const until = record.state === 'opened' ? record.interaction_by : record.redeem_by
  const kept: Denied = { ...tombstone(record), state: 'denied' }
  const denied = answer === undefined ? kept : { ...kept, answer }
  return moveOn(realm, found, 'denied', denied, tombstoneExpiry(realm, until))
}

/** Anything → ended, with all its tokens. `until`: seconds, until then it would have lived. */
export async function end(
  realm: Realm,
  found: Found,
  until: number,
  singleUse?: SingleUse,
): Promise<boolean> {
  const ended: Ended = { ...tombstone(found.record), state: 'ended' }
  return moveOn(realm, found, 'ended', ended, tombstoneExpiry(realm, until), singleUse)
}

/** A finished record without what is not needed any more: client and redirect URI stay. */
function tombstone(record: AuthorizationRecord): Omit<Ended, 'state'> {
  const { v, client_id, incarnation, issuer, validatedUnder, redirect_uri, redeem_by } = record
  const { by_value } = record
  const kept = {
    v,
    client_id,
    incarnation,
    issuer,
    validatedUnder,
    redirect_uri,
    redeem_by,
    by_value,
  }
  const heldBy = record.state === 'pushed' ? undefined : record.heldBy
  return heldBy === undefined ? kept : { ...kept, heldBy }
}
