import type { JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { KeyConfirmation } from '../binding/binding.ts'
import { boundTo } from '../binding/binding.ts'
import type { Client } from '../client/client.ts'
import { issuedTo } from '../client/service-account/as-client.ts'
import { termsOf } from '../client/terms.ts'
import { findRecord } from '../grant/find-record.ts'
import type { RecordKey } from '../grant/handle.ts'
import { handleOf } from '../grant/handle.ts'
import type { AuthorizationRecord, Found, Grant, TokenState } from '../grant/record.ts'
import { grantIn, isFor } from '../grant/record.ts'
import type { UnverifiedJws } from '../jose/compact.ts'
import { parseJws } from '../jose/compact.ts'
import { signJwt } from '../jose/sign.ts'
import type { JwsVerdict } from '../jose/verify.ts'
import { verifyJws } from '../jose/verify.ts'
import { signingAlgorithms } from '../realm/key/stored-key.ts'
import type { Realm } from '../realm/realm.ts'
import { realmHmacs } from './hmac.ts'
import { accessTokenSigning } from './signing.ts'
import { spokenTime } from './spoken-time.ts'
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

/** So many access tokens of one grant live at once; the oldest go first. */
const liveTokens = 100

/** Adds one more access token to a grant, for all of it or less, tied to a key or to none (nothing is signed yet). */
export function addToken(
  realm: Realm,
  client: Client,
  grant: Grant,
  scope: readonly string[] = grant.scope,
  cnf?: KeyConfirmation,
): Grant {
  const now = realm.now()
  const n = grant.last + 1
  const by = now + termsOf(realm, client).access_token_lifetime
  const whole = scope.length === grant.scope.length
  const token: TokenState = {
    ...(whole ? { n, iat: now, by } : { n, iat: now, by, scope }),
    ...(cnf === undefined ? {} : { cnf }),
  }
  const live = grant.tokens.filter((t) => t.by > now).slice(1 - liveTokens)
  return { ...grant, tokens: [...live, token], last: n }
}

/** The text of a grant's latest access token: a handle, or a JWT by the realm's or client's setting. */
export function accessToken(
  realm: Realm,
  client: Client,
  key: RecordKey,
  record: AuthorizationRecord,
  grant: Grant,
): Ready<string> {
  const own = grant.tokens.at(-1) as TokenState
  const handle = handleOf(realm, 'access', key, own.n)
  const { stateless_access_tokens, extras, subname } = termsOf(realm, client)
  if (!stateless_access_tokens) return handle
  const [iat, by] = [spokenTime(realm, own.iat), spokenTime(realm, own.by)]
  const token = { ...own, iat, by }
  const claims = extras
    ? pingClaims(realm, key, record, grant, token, handle, subname)
    : rfc9068Claims(record, grant, token, handle)
  return whenReady(accessTokenSigning(realm, client), ({ key: signer, alg }) =>
    signJwt(signer, { typ: extras ? 'JWT' : 'at+jwt', alg }, claims),
  )
}

/** PingAM: the claims of a client-side access token, in the order of real ones. */
function pingClaims(
  realm: Realm,
  key: RecordKey,
  record: AuthorizationRecord,
  grant: Grant,
  token: TokenState,
  jti: string,
  subname: boolean,
): Readonly<Record<string, unknown>> {
  return {
    sub: grant.sub,
    cts: 'OAUTH2_STATELESS_GRANT',
    auth_level: 0,
    auditTrackingId: handleOf(realm, 'grant', key),
    ...(subname ? { subname: grant.username } : {}),
    iss: record.issuer,
    tokenName: 'access_token',
    token_type: boundTo(token.cnf).token_type,
    authGrantId: handleOf(realm, 'grant', key),
    client_id: record.client_id,
    aud: record.client_id,
    nbf: token.iat,
    grant_type: grant.grant_type,
    scope: token.scope ?? grant.scope,
    auth_time: grant.auth_time,
    realm: realm.path,
    exp: token.by,
    iat: token.iat,
    expires_in: token.by - token.iat,
    jti,
    ...confirmation(token),
  }
}

/** RFC 9449 §6.1. */
function confirmation({ cnf }: TokenState): Pick<TokenState, 'cnf'> {
  return cnf === undefined ? {} : { cnf }
}

/** RFC 9068 §2.2; the default resource is the issuer itself (§3). */
function rfc9068Claims(
  record: AuthorizationRecord,
  grant: Grant,
  token: TokenState,
  jti: string,
): Readonly<Record<string, unknown>> {
  return {
    iss: record.issuer,
    exp: token.by,
    aud: record.issuer,
    sub: grant.sub,
    client_id: record.client_id,
    iat: token.iat,
    jti,
    scope: (token.scope ?? grant.scope).join(' '),
    ...(grant.sid === '' ? {} : { auth_time: grant.auth_time }),
    ...(grant.acr === undefined ? {} : { acr: grant.acr }),
    ...confirmation(token),
  }
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

/** K-12, T-7: only a JWT that says it is an access token, by type or name, is one. */
async function claimsOfJwt(realm: Realm, text: string): Promise<JsonObject | undefined> {
  const jws = parseJws(text)
  if (!jws.ok) return undefined
  const verdict = jws.alg === 'HS256' ? byOwnSecret(realm, jws) : await byOwnKey(realm, jws)
  if (!verdict?.ok) return undefined
  const isAccess =
    verdict.typ === 'at+jwt' || member(verdict.claims, 'tokenName') === 'access_token'
  return isAccess ? verdict.claims : undefined
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
