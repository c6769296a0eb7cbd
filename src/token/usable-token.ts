import type { JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import { issuedTo } from '../client/service-account/as-client.ts'
import { findRecord } from '../grant/find-record.ts'
import type { Found, Grant, TokenState } from '../grant/record.ts'
import { grantIn, isFor } from '../grant/record.ts'
import type { UnverifiedJws } from '../jose/compact.ts'
import { parseJws } from '../jose/compact.ts'
import type { JwsVerdict } from '../jose/verify.ts'
import { verifyJws } from '../jose/verify.ts'
import { signingAlgorithms } from '../realm/key/stored-key.ts'
import type { Realm } from '../realm/realm.ts'
import { realmHmacs } from './hmac.ts'
import { hasActiveUser } from './user-claims.ts'

/** An access token that was presented, and all that is known of it. */
export interface ActiveToken {
  readonly found: Found
  readonly grant: Grant
  readonly token: TokenState
  readonly scope: readonly string[]
  /** Claims of a JWT; undefined for an opaque one. */
  readonly claims: JsonObject | undefined
}

/** What an access token stands for; undefined unless it is ours, of this realm, live and not revoked. */
export async function readAccessToken(
  realm: Realm,
  text: string,
): Promise<ActiveToken | undefined> {
  const claims = text.includes('.') ? await claimsOfJwt(realm, text) : undefined
  const handle = claims === undefined ? text : member(claims, 'jti')
  if (typeof handle !== 'string' || (claims === undefined && text.includes('.'))) return undefined
  const found = await findRecord(realm, 'access', handle)
  if (found === 'unknown' || found === 'gone') return undefined
  return activeToken(realm, found, claims)
}

/** An active token whose client and user are active too. */
export interface UsableToken extends ActiveToken {
  readonly client: Client
}

/** The same for whoever is about to act on it: not while its client or its user is disabled (B-12) or another one (C-37). */
export async function readUsableToken(
  realm: Realm,
  text: string,
): Promise<UsableToken | undefined> {
  const active = await readAccessToken(realm, text)
  if (active === undefined) return undefined
  const { record } = active.found
  const client = await issuedTo(realm, record, active.grant)
  if (client?.status !== 'Active' || !isFor(client, record)) return undefined
  if (!(await hasActiveUser(realm, client.client_id, active.grant))) return undefined
  return { ...active, client }
}

function activeToken(
  realm: Realm,
  found: Found,
  claims: JsonObject | undefined,
): ActiveToken | undefined {
  const grant = grantIn(found.record)
  const token = grant?.tokens.find((t) => t.n === found.n)
  if (grant === undefined || token === undefined || realm.now() >= token.by) return undefined
  return { found, grant, token, scope: token.scope ?? grant.scope, claims }
}

/** K-12, T-7: only a JWT that says it is an access token, by type, name or claims, is one. */
async function claimsOfJwt(realm: Realm, text: string): Promise<JsonObject | undefined> {
  const jws = parseJws(text)
  if (!jws.ok) return undefined
  const verdict = jws.alg === 'HS256' ? byOwnSecret(realm, jws) : await byOwnKey(realm, jws)
  if (!verdict?.ok) return undefined
  const { typ, claims } = verdict
  const named = typ === 'at+jwt' || member(claims, 'tokenName') === 'access_token'
  return named || isPlainlyTyped(claims) ? claims : undefined
}

/**
 * One that says by its `typ` only that it is a JWT, since the realm or a resource wants that (RFC 9068 §2.1): it has the claims of
 * RFC 9068 §2.2. ID tokens have neither `scope` nor `jti`, and always an `azp`. That the `jti` is the handle of an access token is
 * looked at anyway.
 */
function isPlainlyTyped(claims: JsonObject): boolean {
  const has = (name: string): boolean => typeof member(claims, name) === 'string'
  return ['jti', 'client_id', 'scope'].every(has) && !has('azp') && !has('tokenName')
}

function byOwnKey(realm: Realm, jws: UnverifiedJws): Ready<JwsVerdict> {
  return verifyJws(jws, realm.keys.verifying, signingAlgorithms)
}

/** Such a token names no key. */
function byOwnSecret(realm: Realm, jws: UnverifiedJws): JwsVerdict | undefined {
  for (const { verifying } of realmHmacs(realm)) {
    const verdict = verifyJws(jws, [verifying], ['HS256'])
    if (!(verdict instanceof Promise) && verdict.ok) return verdict
  }
  return undefined
}
