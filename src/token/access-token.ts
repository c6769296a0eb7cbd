import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { KeyConfirmation } from '../binding/binding.ts'
import { boundTo } from '../binding/binding.ts'
import type { Client } from '../client/client.ts'
import { tokenFormAt } from '../client/resource/audience.ts'
import type { AccessTokenTyp } from '../client/terms/token.ts'
import { termsOf } from '../client/terms.ts'
import type { RecordKey } from '../grant/handle.ts'
import { handleOf } from '../grant/handle.ts'
import type { AuthorizationRecord, Grant, TokenState } from '../grant/record.ts'
import { signJwt } from '../jose/sign.ts'
import type { Realm } from '../realm/realm.ts'
import type { Audience } from './audience.ts'
import { audClaim, resourcesOf } from './audience.ts'
import { accessTokenSigning } from './signing.ts'
import { spokenTime } from './spoken-time.ts'
import { detailsMember, scopeMember } from './told/details.ts'
import { fitting } from './told/fitting.ts'
import { asTold } from './told/subject.ts'

/** So many access tokens of one grant live at once; the oldest go first. */
const liveTokens = 100

/** Adds one more access token to a grant, for all of it or less, tied to a key or to none (nothing is signed yet). */
export function addToken(
  realm: Pick<Realm, 'now'>,
  grant: Grant,
  { scope, resource, lifetime }: Audience,
  cnf?: KeyConfirmation,
): Grant {
  const now = realm.now()
  const n = grant.last + 1
  const by = now + lifetime
  const whole = scope.length === grant.scope.length
  const token: TokenState = {
    ...(whole ? { n, iat: now, by } : { n, iat: now, by, scope }),
    ...(cnf === undefined ? {} : { cnf }),
    ...(resource === undefined || isSame(resource, grant.resource) ? {} : { resource }),
  }
  const live = grant.tokens.filter((t) => t.by > now).slice(1 - liveTokens)
  return { ...grant, tokens: [...live, token], last: n }
}

function isSame(resource: readonly string[], granted: readonly string[] | undefined): boolean {
  return granted?.length === resource.length
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
  const { stateless_access_tokens: stateless, access_token_typ: typ } = termsOf(realm, client)
  const resources = resourcesOf(grant, own)
  const form = { stateless, typ }
  const wanted = resources === undefined ? form : tokenFormAt(realm, resources, form)
  return whenReady(wanted, (as) =>
    as.stateless
      ? whenReady(signedToken(realm, client, key, record, grant, as.typ), (text) =>
          fitting('access token', 'given', text),
        )
      : handle,
  )
}

function signedToken(
  realm: Realm,
  client: Client,
  key: RecordKey,
  record: AuthorizationRecord,
  grant: Grant,
  typ: AccessTokenTyp,
): Ready<string> {
  const own = grant.tokens.at(-1) as TokenState
  const handle = handleOf(realm, 'access', key, own.n)
  const { extras, subname } = termsOf(realm, client)
  const [iat, by] = [spokenTime(realm, own.iat), spokenTime(realm, own.by)]
  const token = { ...own, iat, by }
  return whenReady(asTold(realm, client, grant), (told) => {
    const own = extras
      ? pingClaims(realm, key, record, told, token, handle, subname)
      : rfc9068Claims(record, told, token, handle)
    const claims = token.fields === undefined ? own : { ...own, ...token.fields }
    return whenReady(accessTokenSigning(realm, client), ({ key: signer, alg }) =>
      signJwt(signer, { typ, alg }, claims),
    )
  })
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
    aud: audClaim(grant, token) ?? record.client_id,
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
    ...detailsMember(grant, token),
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
    aud: audClaim(grant, token) ?? record.issuer,
    sub: grant.sub,
    client_id: record.client_id,
    iat: token.iat,
    jti,
    ...scopeMember(token.scope ?? grant.scope),
    ...(grant.sid === '' ? {} : { auth_time: grant.auth_time }),
    ...(grant.acr === undefined ? {} : { acr: grant.acr }),
    ...confirmation(token),
    ...detailsMember(grant, token),
  }
}
