import type { JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import { findClient } from '../client/client.ts'
import { termsOf } from '../client/terms.ts'
import type { RecordKey } from '../grant/handle.ts'
import { handleOf } from '../grant/handle.ts'
import type { AuthorizationRecord, Grant } from '../grant/record.ts'
import { parseJws } from '../jose/compact.ts'
import { halfHash } from '../jose/hash.ts'
import { signJwt } from '../jose/sign.ts'
import type { JwsVerdict } from '../jose/verify.ts'
import { verifyJws } from '../jose/verify.ts'
import { signingAlgorithms } from '../realm/key/stored-key.ts'
import type { Realm } from '../realm/realm.ts'
import { clientHmac } from './hmac.ts'
import { idTokenAlgorithm, idTokenSigning } from './signing.ts'
import { amrOf } from './told/amr.ts'
import { encryptFor } from './told/answer-jwt.ts'
import type { longestToken } from './told/fitting.ts'
import { fitting } from './told/fitting.ts'
import { asTold } from './told/subject.ts'

/** What an ID token travels with. */
export interface Company {
  readonly access_token?: string | undefined
  readonly code?: string | undefined
  /** Hash of the request's `state` (FAPI 1 Part 2 §5.1.1). */
  readonly s_hash?: string | undefined
  /** Claims about the user (OIDC Core §5.4, §5.5). */
  readonly userClaims: Readonly<Record<string, unknown>>
  /** Whether it goes through a browser, or is given where it was asked for. */
  readonly way: keyof typeof longestToken
  /** False in refreshed tokens (OIDC Core §12.2). */
  readonly nonce: boolean
}

/** Signs an ID token, and encrypts it where the client wants that (OIDC Core §2). @throws OAuthError server_error where it is too long. */
export function idToken(
  realm: Realm,
  client: Client,
  key: RecordKey,
  record: AuthorizationRecord,
  grant: Grant,
  company: Company,
): Ready<string> {
  const signed = whenReady(asTold(realm, client, grant), (told) =>
    signedIdToken(realm, client, key, record, told, company),
  )
  const { id_token_encryption } = termsOf(realm, client)
  const { idTokenPublicEncryptionKey: pem } = client
  const made = id_token_encryption.encrypted
    ? whenReady(signed, (jws) =>
        encryptFor(realm, client, id_token_encryption, jws, { cty: 'JWT', pem }),
      )
    : signed
  return whenReady(made, (text) => fitting('ID token', company.way, text))
}

/** Members in the order of PingAM's. */
function signedIdToken(
  realm: Realm,
  client: Client,
  key: RecordKey,
  record: AuthorizationRecord,
  grant: Grant,
  company: Company,
): Ready<string> {
  const alg = idTokenAlgorithm(realm, client)
  const { id_token_lifetime, extras, subname } = termsOf(realm, client)
  const now = realm.timeOfDay()
  const { userClaims: user, access_token, code, s_hash } = company
  const claims: Record<string, unknown> = {
    at_hash: access_token && halfHash(alg, access_token),
    sub: grant.sub,
    auditTrackingId: extras ? handleOf(realm, 'grant', key) : undefined,
    amr: amrOf(realm, grant.methods) ?? user.amr,
    subname: subname ? grant.username : undefined,
    iss: record.issuer,
    tokenName: extras ? 'id_token' : undefined,
    nonce: company.nonce ? grant.nonce : undefined,
    given_name: user.given_name,
    sid: grant.sid,
    aud: record.client_id,
    c_hash: code && halfHash(alg, code),
    acr: grant.acr,
    s_hash,
    azp: record.client_id,
    auth_time: Math.min(grant.auth_time, now),
    name: user.name,
    realm: extras ? realm.path : undefined,
    exp: now + id_token_lifetime,
    tokenType: extras ? 'JWTToken' : undefined,
    iat: now,
    family_name: user.family_name,
  }
  for (const name in user) if (!Object.hasOwn(claims, name)) claims[name] = user[name]
  const signing = idTokenSigning(realm, client)
  return whenReady(signing, (by) => signJwt(by.key, { typ: 'JWT', alg }, claims))
}

/** A verified ID token of this realm, whenever it expired; undefined when it is none (OIDC Core §3.1.2.2). */
export async function readIdToken(realm: Realm, text: string): Promise<JsonObject | undefined> {
  const verdict = await verifyIdToken(realm, text)
  if (!verdict.ok || verdict.typ === 'at+jwt') return undefined
  const { claims } = verdict
  const kind = member(claims, 'tokenName')
  const complete =
    typeof member(claims, 'sub') === 'string' && typeof member(claims, 'azp') === 'string'
  return complete &&
    (await isClientsOwn(realm, claims)) &&
    (kind === undefined || kind === 'id_token')
    ? claims
    : undefined
}

/** C-37: not if it was issued before the client of that id was registered: then it was another's. */
async function isClientsOwn(realm: Realm, claims: JsonObject): Promise<boolean> {
  const [azp, iat] = [member(claims, 'azp'), member(claims, 'iat')]
  const client = typeof azp === 'string' ? await findClient(realm, azp) : undefined
  return client === undefined || (typeof iat === 'number' && iat >= client.created)
}

/** By the realm's keys, or by the secret of the very client it was issued to. */
async function verifyIdToken(realm: Realm, text: string): Promise<JwsVerdict> {
  const jws = parseJws(text)
  if (!jws.ok) return jws
  const azp = member(jws.claims, 'azp')
  const client = typeof azp === 'string' ? await findClient(realm, azp) : undefined
  const hmac = client && clientHmac(client, client.id_token_signed_response_alg)
  return hmac?.alg === jws.alg
    ? verifyJws(jws, [hmac.verifying], [hmac.alg])
    : verifyJws(jws, realm.keys.verifying, signingAlgorithms)
}
