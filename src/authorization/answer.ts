import { unbound } from '../binding/binding.ts'
import type { Client } from '../client/client.ts'
import { handleOf } from '../grant/handle.ts'
import type { Answer, Found, Issued, TokenState, Unanswered } from '../grant/record.ts'
import { holderIn } from '../grant/record.ts'
import { halfHash } from '../jose/hash.ts'
import type { ResponseType } from '../protocol/response-type.ts'
import { responseTypeOf } from '../protocol/response-type.ts'
import type { Realm } from '../realm/realm.ts'
import { accessToken } from '../token/access-token.ts'
import { idToken } from '../token/id-token.ts'
import { idTokenAlgorithm } from '../token/signing.ts'
import { detailsMember, scopeMember } from '../token/told/details.ts'
import { hasActiveUser, idTokenClaims } from '../token/user-claims.ts'
import type { RedirectionEndpoint } from './redirection.ts'
import type { ResponseParameters } from './response-mode/response-mode.ts'

/**
 * What a record keeps of how the user's decision was answered, so that it can be answered again. Only
 * where a page was shown. `remote`: the digest of the answer of a service that was asked instead.
 */
export function keptAnswer(
  found: Unanswered | undefined,
  { response_mode, state }: RedirectionEndpoint,
  remote: string | undefined,
  tokens?: Answer['tokens'],
): Answer | undefined {
  if (found === undefined || holderIn(found.record) === undefined) return undefined
  return {
    response_mode,
    ...(state === undefined ? {} : { state }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(remote === undefined ? {} : { remote }),
  }
}

/** How, and to what call, parameters are answered. */
interface Answering {
  readonly redirection: RedirectionEndpoint
  /** Where that call was sent to. */
  readonly requestUri: string
}

/**
 * The parameters that were sent with an issued record, once more; undefined when they may not be. Code and
 * access token are the same, since handles are derived; a JWT says the same, signed again. Tokens go out
 * again only while all of them are live and nothing that allowed them has changed.
 */
export async function answeredBefore(
  realm: Realm,
  client: Client,
  answering: Answering,
  issued: Pick<Found<Issued>, 'key' | 'record'>,
): Promise<ResponseParameters | undefined> {
  const { validatedUnder, answer, grant } = issued.record
  const tokens = answer?.tokens
  const type = responseTypeOf.get(tokens?.response_type ?? 'code')
  if (type === undefined || realm.now() >= (tokens?.by ?? grant.code?.by ?? 0)) return undefined
  if (tokens !== undefined) {
    const unchanged = validatedUnder[0] === realm.version && validatedUnder[1] === client.version
    const revoked = type.issues.includes('token') && !isLive(realm, grant.tokens.at(-1))
    if (!unchanged || revoked) return undefined
    if (!(await hasActiveUser(realm, client.client_id, grant))) return undefined
  }
  return issuedParameters(realm, client, answering, type, issued)
}

function isLive(realm: Realm, token: TokenState | undefined): boolean {
  return token !== undefined && realm.now() < token.by
}

/** RFC 6749 §4.1.2, §4.2.2; PingAM's order, with the `client_id` it adds where no ID token goes along. */
export async function issuedParameters(
  realm: Realm,
  client: Client,
  { redirection: { terms, state, issuer }, requestUri }: Answering,
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
        userClaims: await idTokenClaims(realm, client, grant, {
          ...{ alone: type.name === 'id_token', requestUri },
        }),
        nonce: true,
        way: 'carried',
      })
    : undefined
  return [
    ['code', code],
    ['access_token', access_token],
    ['id_token', id_token],
    ['scope', token && scopeMember(token.scope ?? grant.scope).scope],
    ['authorization_details', token && detailsMember(grant, token).authorization_details?.exact],
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
    ['expires_in', token.by - realm.now()],
  ]
}

export function stateHash(realm: Realm, client: Client, state: string): string {
  return halfHash(idTokenAlgorithm(realm, client), state)
}
