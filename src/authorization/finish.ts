import { event } from '../base/log.ts'
import { unbound } from '../binding/binding.ts'
import type { Client } from '../client/client.ts'
import { termsOf } from '../client/terms.ts'
import { encode } from '../grant/codec.ts'
import type { RecordKey } from '../grant/handle.ts'
import { handleOf, newRecordKey } from '../grant/handle.ts'
import { grantExpiry, tombstone, tombstoneExpiry } from '../grant/lifetime.ts'
import type { AuthorizationRecord, CodeState, Found, Grant, TokenState } from '../grant/record.ts'
import { insertRecord, replaceRecord, schema } from '../grant/record.ts'
import { halfHash } from '../jose/hash.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import type { ResponseType } from '../protocol/response-type.ts'
import { responseType } from '../protocol/response-type.ts'
import type { Realm } from '../realm/realm.ts'
import type { Session } from '../session/session.ts'
import { accessToken, addToken } from '../token/access-token.ts'
import { idToken } from '../token/id-token.ts'
import { idTokenSigning } from '../token/signing.ts'
import { idTokenClaims } from '../token/user-claims.ts'
import { keptAnswer } from './answer.ts'
import { epochOf } from './consent.ts'
import type { RedirectionEndpoint } from './redirection.ts'
import type { AuthorizationResponse } from './respond.ts'
import type { ResponseParameters } from './response-mode/response-mode.ts'

/** What is to be finished: the request, who allowed it, and its record if it was pushed. */
export interface Finish {
  readonly request: AuthorizationRequest
  readonly redirection: RedirectionEndpoint
  readonly session: Session
  readonly acr: string | undefined
  readonly found: Found | undefined
}

/**
 * Issues what the response type promises. All of it is made before anything is written, so that no
 * failure leaves a request spent and nothing sent; then spending the request and creating the code
 * are one write. Undefined when another write was first, and nothing was issued.
 */
export async function finish(
  realm: Realm,
  client: Client,
  asked: Finish,
): Promise<AuthorizationResponse | undefined> {
  const type = responseType(asked.request.response_type) as ResponseType
  const grant = grantOf(realm, client, asked, type, await epochOf(realm, client, asked.session))
  const record = issuedRecord(realm, client, asked, grant)
  const expiry = grantExpiry(realm, grant)
  const key = asked.found?.key ?? newRecordKey(realm, expiry)
  const parameters = await issued(realm, client, asked, type, key, record, grant)
  if (type.issues.length > 0 && !(await written(realm, asked.found, key, record, expiry)))
    return undefined
  event('authorization.issued', {
    realm: realm.path,
    client_id: client.client_id,
    response_type: type.name,
  })
  return { redirection: asked.redirection, parameters }
}

async function written(
  realm: Realm,
  found: Found | undefined,
  key: RecordKey,
  record: AuthorizationRecord,
  expiry: number,
): Promise<boolean> {
  if (found !== undefined) return (await replaceRecord(realm, found, record, expiry)) === 'won'
  await insertRecord(realm, key, encode(record), expiry)
  return true
}

/** The user said no: that spends the request too (C-2b). Undefined when another write was first. */
export async function deny(
  realm: Realm,
  found: Found,
  redirection: RedirectionEndpoint,
): Promise<true | undefined> {
  const { record } = found
  const end = record.interaction_by ?? record.redeem_by
  const outcome = await replaceRecord(
    realm,
    found,
    { ...tombstone(record, 'denied'), ...keptAnswer(found, redirection) },
    tombstoneExpiry(realm, end),
  )
  return outcome === 'won' ? true : undefined
}

function grantOf(
  realm: Realm,
  client: Client,
  { request, session, acr }: Finish,
  type: ResponseType,
  epoch: number,
): Grant {
  const code = type.issues.includes('code')
  const grant: Grant = {
    sub: session.sub,
    username: session.username,
    epoch,
    grant_type: code ? 'authorization_code' : 'implicit',
    sid: session.sid,
    auth_time: session.auth_time,
    scope: request.scope,
    tokens: [],
    last: 0,
    ...(acr === undefined ? {} : { acr }),
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    ...(request.claims === undefined ? {} : { claims: request.claims }),
    ...(code ? { code: codeState(realm, client, request) } : {}),
    ...(code && request.state !== undefined && request.scope.includes('openid')
      ? { s_hash: stateHash(realm, client, request.state) }
      : {}),
  }
  return type.issues.includes('token') ? addToken(realm, client, grant) : grant
}

function stateHash(realm: Realm, client: Client, state: string): string {
  return halfHash(idTokenSigning(realm, client).alg, state)
}

function codeState(realm: Realm, client: Client, request: AuthorizationRequest): CodeState {
  const { code_challenge, code_challenge_method, redirect_uri_sent, response_type } = request
  const by = realm.now() + termsOf(realm, client).code_lifetime
  const signed = request.signed_by !== undefined
  const state = { by, tries: 0, redirect_uri_sent, response_type, signed }
  return code_challenge === undefined || code_challenge_method === undefined
    ? state
    : { ...state, challenge: code_challenge, method: code_challenge_method }
}

function issuedRecord(
  realm: Realm,
  client: Client,
  asked: Finish,
  grant: Grant,
): AuthorizationRecord {
  const { found, redirection } = asked
  return {
    v: schema,
    state: 'issued',
    client_id: client.client_id,
    incarnation: client.incarnation,
    issuer: redirection.issuer,
    validatedUnder: [realm.version, client.version],
    redirect_uri: redirection.redirect_uri,
    redeem_by: found?.record.redeem_by ?? 0,
    ...(found?.record.heldBy === undefined ? {} : { heldBy: found.record.heldBy }),
    ...(asked.request.response_type === 'code' ? keptAnswer(found, redirection) : {}),
    grant,
  }
}

/** RFC 6749 §4.1.2, §4.2.2; PingAM's order, with the `client_id` it adds where no ID token goes along. */
async function issued(
  realm: Realm,
  client: Client,
  { redirection, request }: Finish,
  type: ResponseType,
  key: RecordKey,
  record: AuthorizationRecord,
  grant: Grant,
): Promise<ResponseParameters> {
  const { terms, state, issuer } = redirection
  const code = type.issues.includes('code') ? handleOf(realm, 'code', key) : undefined
  const token = grant.tokens.at(-1)
  const access_token =
    token === undefined ? undefined : await accessToken(realm, client, key, record, grant)
  const id_token = type.issues.includes('id_token')
    ? await idToken(realm, client, key, record, grant, {
        access_token,
        code,
        s_hash: state === undefined ? undefined : stateHash(realm, client, state),
        userClaims: await idTokenClaims(realm, client, grant, type.name === 'id_token'),
        nonce: true,
      })
    : undefined
  return [
    ['code', code],
    ['access_token', access_token],
    ['id_token', id_token],
    ['scope', access_token === undefined ? undefined : request.scope.join(' ')],
    ['iss', issuer],
    ['state', state],
    ...tokenParameters(realm, token),
    ['client_id', terms.extras && id_token === undefined ? client.client_id : undefined],
  ]
}

function tokenParameters(realm: Realm, token: TokenState | undefined): ResponseParameters {
  if (token === undefined) return []
  return [
    ['token_type', unbound.token_type],
    ['expires_in', String(token.by - realm.now())],
  ]
}
