import { event } from '../base/log.ts'
import { unbound } from '../binding/binding.ts'
import type { Client } from '../client/client.ts'
import { termsOf } from '../client/terms.ts'
import { handleOf } from '../grant/handle.ts'
import type { CodeState, Grant, TokenState, Unanswered } from '../grant/record.ts'
import type { Issuing } from '../grant/transition.ts'
import { issue, issuing } from '../grant/transition.ts'
import { halfHash } from '../jose/hash.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import type { ResponseType } from '../protocol/response-type.ts'
import { responseTypeOf } from '../protocol/response-type.ts'
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
  readonly found: Unanswered | undefined
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
  const type = responseTypeOf.get(asked.request.response_type) as ResponseType
  const grant = grantOf(realm, client, asked, type, await epochOf(realm, client, asked.session))
  const { redirection, found } = asked
  const { issuer, redirect_uri } = redirection
  const answer = type.name === 'code' ? keptAnswer(found, redirection) : undefined
  const made = issuing(realm, client, { found, issuer, redirect_uri, answer, grant })
  const parameters = await issued(realm, client, asked, type, made)
  if (type.issues.length > 0 && !(await issue(realm, made))) return undefined
  event('authorization.issued', {
    realm: realm.path,
    client_id: client.client_id,
    response_type: type.name,
  })
  return { redirection, parameters }
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

/** RFC 6749 §4.1.2, §4.2.2; PingAM's order, with the `client_id` it adds where no ID token goes along. */
async function issued(
  realm: Realm,
  client: Client,
  { redirection, request }: Finish,
  type: ResponseType,
  { key, record }: Issuing,
): Promise<ResponseParameters> {
  const { grant } = record
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
