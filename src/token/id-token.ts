import type { JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'
import type { Client } from '../client/client.ts'
import { findClient, profileOf } from '../client/client.ts'
import type { RecordKey } from '../grant/handle.ts'
import { handleOf } from '../grant/handle.ts'
import type { AuthorizationRecord, Grant } from '../grant/record.ts'
import { parseJws } from '../jose/compact.ts'
import { halfHash } from '../jose/hash.ts'
import type { SigningKey } from '../jose/jwk.ts'
import { signJwt } from '../jose/sign.ts'
import type { JwsVerdict } from '../jose/verify.ts'
import { verifyJws } from '../jose/verify.ts'
import { signingAlgorithms, signingKey } from '../realm/keys.ts'
import type { Realm } from '../realm/realm.ts'
import { clientHmac } from './hmac.ts'

/** What an ID token travels with. */
export interface Company {
  readonly access_token?: string | undefined
  readonly code?: string | undefined
  /** Hash of the request's `state` (FAPI 1 Part 2 §5.1.1). */
  readonly s_hash?: string | undefined
  /** Claims about the user (OIDC Core §5.4, §5.5). */
  readonly userClaims: Readonly<Record<string, unknown>>
  /** False in refreshed tokens (OIDC Core §12.2). */
  readonly nonce: boolean
}

/** Signs an ID token (OIDC Core §2); members in the order of PingAM's. */
export function idToken(
  realm: Realm,
  client: Client,
  key: RecordKey,
  record: AuthorizationRecord,
  grant: Grant,
  company: Company,
): string | Promise<string> {
  const signing = idTokenKey(realm, client)
  const lifetime =
    client.jwtTokenLifetime === 0 ? realm.provider.jwtTokenLifetime : client.jwtTokenLifetime
  const now = realm.now()
  const extras = profileOf(realm, client).extras ? pingExtras(realm, key, grant) : {}
  const claims = ordered({
    ...hashes(signing, company),
    ...extras,
    ...company.userClaims,
    sub: grant.sub,
    iss: record.issuer,
    nonce: company.nonce ? grant.nonce : undefined,
    sid: grant.sid,
    aud: record.client_id,
    acr: grant.acr,
    azp: record.client_id,
    auth_time: grant.auth_time,
    exp: now + lifetime,
    iat: now,
  })
  return signJwt(signing, { typ: 'JWT' }, claims)
}

/** The key for a client's ID tokens. */
export function idTokenKey(realm: Realm, client: Client): SigningKey {
  const key = clientHmac(client) ?? signingKey(realm.keys, client.id_token_signed_response_alg)
  if (key === undefined) throw new Error(`no key for ${client.id_token_signed_response_alg}`)
  return key
}

/** A verified ID token of this realm, whenever it expired; undefined when it is none (OIDC Core §3.1.2.2). */
export async function readIdToken(realm: Realm, text: string): Promise<JsonObject | undefined> {
  const verdict = await verifyIdToken(realm, text)
  if (!verdict.ok || verdict.typ === 'at+jwt') return undefined
  const { claims } = verdict
  const kind = member(claims, 'tokenName')
  const complete =
    typeof member(claims, 'sub') === 'string' && typeof member(claims, 'azp') === 'string'
  return complete && (kind === undefined || kind === 'id_token') ? claims : undefined
}

/** By the realm's keys, or by the secret of the very client it was issued to. */
async function verifyIdToken(realm: Realm, text: string): Promise<JwsVerdict> {
  const jws = parseJws(text)
  if (!jws.ok) return jws
  const azp = member(jws.claims, 'azp')
  const client = typeof azp === 'string' ? await findClient(realm, azp) : undefined
  const hmac = client === undefined ? undefined : clientHmac(client)
  return hmac?.alg === jws.alg
    ? verifyJws(jws, [hmac.verifying], [hmac.alg])
    : verifyJws(jws, realm.keys.verifying, signingAlgorithms)
}

function hashes(
  signing: SigningKey,
  company: Company,
): Readonly<Record<string, string | undefined>> {
  const hashOf = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : halfHash(signing.alg, text)
  return {
    at_hash: hashOf(company.access_token),
    c_hash: hashOf(company.code),
    s_hash: company.s_hash,
  }
}

function pingExtras(realm: Realm, key: RecordKey, grant: Grant): Readonly<Record<string, unknown>> {
  return {
    auditTrackingId: handleOf(realm, 'grant', key),
    subname: realm.provider.includeSubnameInTokenClaims ? grant.username : undefined,
    tokenName: 'id_token',
    realm: realm.path,
    tokenType: 'JWTToken',
  }
}

const order = [
  'at_hash',
  'sub',
  'auditTrackingId',
  'amr',
  'subname',
  'iss',
  'tokenName',
  'nonce',
  'given_name',
  'sid',
  'aud',
  'c_hash',
  'acr',
  's_hash',
  'azp',
  'auth_time',
  'name',
  'realm',
  'exp',
  'tokenType',
  'iat',
  'family_name',
]

/** In the order of `order`, then the rest; absent members are left out. */
function ordered(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {}
  for (const name of order) if (claims[name] !== undefined) result[name] = claims[name]
  for (const [name, value] of Object.entries(claims))
    if (value !== undefined) result[name] ??= value
  return result
}
