import type { SingleUse } from '../../client/single-use.ts'
import type { Realm } from '../../realm/realm.ts'
import { grantExpiry } from '../lifetime.ts'
import type { CodeState, Found, Grant, Issued, Redeemed } from '../record.ts'
import { moveOn } from './write.ts'

/** issued → redeemed, with the tokens that the code's one winner is issued. */
export async function redeem(
  realm: Realm,
  found: Found<Issued>,
  grant: Grant,
  singleUse: SingleUse | undefined,
): Promise<boolean> {
  const { answer: _gone, ...kept } = found.record
  const redeemed: Redeemed = { ...kept, state: 'redeemed', grant }
  return moveOn(realm, found, 'redeemed', redeemed, grantExpiry(realm, grant), singleUse)
}

/** redeemed → redeemed: the next refresh token, or access token, of the grant. */
export async function refresh(
  realm: Realm,
  found: Found<Redeemed>,
  grant: Grant,
  singleUse: SingleUse | undefined,
): Promise<boolean> {
  const refreshed = { ...found.record, grant }
  return moveOn(realm, found, 'refreshed', refreshed, grantExpiry(realm, grant), singleUse)
}

/** issued → issued: one more wrong verifier is counted (K-3). */
export async function countTry(
  realm: Realm,
  found: Found<Issued>,
  code: CodeState,
  singleUse: SingleUse | undefined,
): Promise<boolean> {
  const { record } = found
  const grant = { ...record.grant, code: { ...code, tries: code.tries + 1 } }
  const counted = { ...record, grant }
  return moveOn(realm, found, 'wrong_verifier', counted, grantExpiry(realm, grant), singleUse)
}

/** The grant without one of its access tokens (RFC 7009 §2.1). */
export async function dropToken(
  realm: Realm,
  found: Found<Issued | Redeemed>,
  grant: Grant,
): Promise<boolean> {
  const kept = { ...found.record, grant }
  return moveOn(realm, found, 'token_revoked', kept, grantExpiry(realm, grant))
}
