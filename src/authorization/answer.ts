import { unbound } from '../binding/binding.ts'
import type { Client } from '../client/client.ts'
import type { RecordKey } from '../grant/handle.ts'
import { handleOf } from '../grant/handle.ts'
import type { Answer, Found, Issued, TokenState, Unanswered } from '../grant/record.ts'
import { holderIn } from '../grant/record.ts'
import { halfHash } from '../jose/hash.ts'
import type { ResponseType } from '../protocol/response-type.ts'
import type { Realm } from '../realm/realm.ts'
import { accessToken } from '../token/access-token.ts'
import { idToken } from '../token/id-token.ts'
import { idTokenSigning } from '../token/signing.ts'
import { idTokenClaims } from '../token/user-claims.ts'
import type { RedirectionEndpoint } from './redirection.ts'
import type { AuthorizationResponse } from './respond.ts'
import type { ResponseParameters } from './response-mode/response-mode.ts'

/**
 * What a record keeps of how the user's decision was answered, so that it can be answered again. Only
 * where a page was shown, and of what is issued only for a code: other tokens are new each time.
 */
export function keptAnswer(
  found: Unanswered | undefined,
  { response_mode, state }: RedirectionEndpoint,
): Answer | undefined {
  if (found === undefined || holderIn(found.record) === undefined) return undefined
  return state === undefined ? { response_mode } : { response_mode, state }
}

/** The response that sent this record's code, as it was sent before: handles are derived. */
export function answeredBefore(
  realm: Realm,
  redirection: RedirectionEndpoint,
  key: RecordKey,
): AuthorizationResponse {
  const { issuer, state, terms, client_id } = redirection
  return {
    redirection,
    parameters: [
      ['code', handleOf(realm, 'code', key)],
      ['iss', issuer],
      ['state', state],
      ['client_id', terms.extras ? client_id : undefined],
    ],
  }
}

/** RFC 6749 §4.1.2, §4.2.2; PingAM's order, with the `client_id` it adds where no ID token goes along. */
export async function issuedParameters(
  realm: Realm,
  client: Client,
  { terms, state, issuer }: RedirectionEndpoint,
  type: ResponseType,
  { key, record }: Pick<Found<Issued>, 'key' | 'record'>,
): Promise<ResponseParameters> {
  const { grant } = record
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
    ['scope', access_token === undefined ? undefined : grant.scope.join(' ')],
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

export function stateHash(realm: Realm, client: Client, state: string): string {
  return halfHash(idTokenSigning(realm, client).alg, state)
}
