/**
 * token: what is issued and how it is redeemed. Knows no page and no authorization endpoint; both the
 * token endpoint and the authorization response come here.
 */

import { hash } from 'node:crypto'
import { equalInConstantTime } from '../base/bytes.ts'
import { alarm, event } from '../base/log.ts'
import { tellUser } from '../base/trace.ts'
import type { Binding } from '../binding/binding.ts'
import { isBoundTo } from '../binding/binding.ts'
import type { Client } from '../client/client.ts'
import type { SingleUse } from '../client/single-use.ts'
import { findRecord } from '../grant/find-record.ts'
import type { AuthorizationRecord, CodeState, Found, Grant, Issued } from '../grant/record.ts'
import { grantIn, isFor, isIssued } from '../grant/record.ts'
import { countTry, end, redeem, retryUntilDecided } from '../grant/transition.ts'
import type { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import { expiredCode, invalidGrant, otherRedirect, wrongVerifierAt } from './code-refusal.ts'
import type { TokenResponse } from './issue.ts'
import { forbiddenNow } from './still-allowed.ts'

/** Who redeems, and what the write is to spend with it. */
export interface Caller {
  readonly client: Client
  readonly singleUse: SingleUse | undefined
}

/** What came with the code. */
export interface Redemption {
  readonly code: string
  readonly redirect_uri: string | undefined
  readonly code_verifier: string | undefined
  readonly binding: Binding
}

/** What a redemption makes of a grant, and what it answers. */
export interface Redeemed {
  readonly grant: Grant
  readonly response: TokenResponse
}

/**
 * Makes what the winner is issued, before anything is written: no failure leaves a code spent and
 * nothing sent. Throws where it may not go on. Runs again after a lost race.
 */
export type Next = (found: Found, grant: Grant) => Promise<Redeemed>

/**
 * Redeems a code: one winner, in one compare-and-set that also writes what the winner is issued
 * (`next`). A second, fully valid attempt ends the grant (C-14, RFC 6749 §4.1.2); an attempt by
 * anybody else changes nothing.
 *
 * @throws OAuthError invalid_grant.
 */
export async function redeemCode(
  realm: Realm,
  caller: Caller,
  redemption: Redemption,
  next: Next,
): Promise<TokenResponse> {
  const found = await findRecord(realm, 'code', redemption.code)
  if (found === 'unknown' || found === 'gone')
    throw invalidGrant({ why: `code-${found}`, reason: `code ${found}` })
  return retryUntilDecided(
    realm,
    found,
    (current) => redeemOnce(realm, caller, redemption, current, next),
    () => {
      throw invalidGrant({ why: 'code-gone', reason: 'code gone' })
    },
  )
}

async function redeemOnce(
  realm: Realm,
  caller: Caller,
  redemption: Redemption,
  found: Found,
  next: Next,
): Promise<TokenResponse | undefined> {
  const { record } = found
  const { client, singleUse } = caller
  const grant = grantIn(record)
  const code = grant?.code
  if (!isFor(client, record))
    throw invalidGrant({ why: 'code-foreign', reason: 'code of another client' })
  if (grant === undefined || code === undefined)
    throw invalidGrant({ why: 'code-ended', reason: `code of a grant that is ${record.state}` })
  tellUser(grant.sub)
  if (!isIssued(found)) {
    if (!proven(client.oauth21, code, redemption, record))
      throw invalidGrant({ why: 'code-spent', reason: 'code used before' })
    const replayed = invalidGrant({ why: 'code-replayed', reason: 'code replayed' })
    return endGrant(realm, caller, found, replayed)
  }
  if (realm.now() >= code.by) throw expiredCode(realm.now() - code.by)
  const now = forbiddenNow(realm, client, record, code)
  if (now !== undefined) {
    const reason = `terms have changed: ${now}`
    throw invalidGrant({ why: 'code-terms', reason, differs: `in what is not allowed now: ${now}` })
  }
  if (!redirectAgrees(client.oauth21, code, redemption, record))
    throw otherRedirect(redemption.redirect_uri, record)
  if (!keyAgrees(code, redemption))
    throw invalidGrant({ why: 'code-key', reason: 'code tied to another key' })
  if (!verifierAgrees(code, redemption.code_verifier))
    return wrongVerifier(realm, caller, found, code, redemption.code_verifier)
  const issued = await next(found, grant)
  if (!(await redeem(realm, found, issued.grant, singleUse))) return undefined
  const { sub, scope } = issued.grant
  event('code.redeemed', { realm: realm.path, client_id: client.client_id, sub, scope })
  return issued.response
}

function proven(
  oauth21: boolean,
  code: CodeState,
  redemption: Redemption,
  record: AuthorizationRecord,
): boolean {
  return (
    redirectAgrees(oauth21, code, redemption, record) &&
    keyAgrees(code, redemption) &&
    verifierAgrees(code, redemption.code_verifier)
  )
}

/** C-15: compared if present, required when it was in the request. */
function redirectAgrees(
  oauth21: boolean,
  code: CodeState,
  { redirect_uri }: Redemption,
  record: AuthorizationRecord,
): boolean {
  if (redirect_uri !== undefined) return redirect_uri === record.redirect_uri
  return oauth21 || !code.redirect_uri_sent
}

/** RFC 9449 §10. Looked at before the verifier: whoever has not the key cannot use up its tries. */
function keyAgrees({ cnf }: CodeState, { binding }: Redemption): boolean {
  return cnf === undefined || isBoundTo(binding, cnf)
}

/** RFC 7636 §4.6, RFC 9700 §2.1.1: required exactly if a challenge was sent, and then it must fit. */
function verifierAgrees(code: CodeState, verifier: string | undefined): boolean {
  if (code.challenge === undefined) return verifier === undefined
  if (verifier === undefined || !/^[\w.~-]{43,128}$/.test(verifier)) return false
  const given = code.method === 'plain' ? verifier : hash('sha256', verifier, 'base64url')
  return equalInConstantTime(given, code.challenge)
}

/** K-3: the third wrong verifier by the client the code was issued to kills the code. */
async function wrongVerifier(
  realm: Realm,
  { singleUse }: Caller,
  found: Found<Issued>,
  code: CodeState,
  verifier: string | undefined,
): Promise<undefined> {
  const tries = code.tries + 1
  const moved =
    tries >= 3
      ? await end(realm, found, code.by, singleUse)
      : await countTry(realm, found, code, singleUse)
  if (!moved) return undefined
  throw wrongVerifierAt(tries, code, verifier)
}

/**
 * Ends a grant and all its tokens because of what was just seen, and throws the refusal; undefined
 * when the record moved meanwhile. The write spends the caller's assertion: one that was used before proves nobody, and
 * nobody ends a grant.
 */
export async function endGrant(
  realm: Realm,
  { singleUse }: Caller,
  found: Found,
  refusal: OAuthError,
): Promise<undefined> {
  if (!(await end(realm, found, 0, singleUse))) return undefined
  const { client_id } = found.record
  alarm('grant.ended', { realm: realm.path, client_id, reason: refusal.detail.reason })
  throw refusal
}
