import type { ExactJson } from '../base/exact-json.ts'
import { whenReady } from '../base/ready.ts'
import type { Binding } from '../binding/binding.ts'
import { boundTo } from '../binding/binding.ts'
import type { Client } from '../client/client.ts'
import type { Found, Grant, TokenState } from '../grant/record.ts'
import type { Realm } from '../realm/realm.ts'
import { accessToken } from './access-token.ts'
import { idToken } from './id-token.ts'
import { refreshTokenOf } from './refresh-token.ts'
import { detailsMember, scopeMember } from './told/details.ts'
import { idTokenClaims } from './user-claims.ts'

/** A token response (RFC 6749 §5.1, OIDC Core §3.1.3.3), members in the order of PingAM's. */
export interface TokenResponse {
  readonly access_token: string
  readonly refresh_token?: string
  /** Absent where nothing but details was granted. */
  readonly scope?: string
  readonly id_token?: string
  readonly token_type: Binding['token_type']
  /** Seconds. */
  readonly expires_in: number
  /** What was granted of them and the token is for (RFC 9396 §7). */
  readonly authorization_details?: ExactJson
}

/** What of a grant the response carries. */
export interface Issue {
  readonly refreshed: boolean
  /** What of the grant's scope was asked for: it decides about the ID token, whatever the token's resources leave of it. */
  readonly asked: readonly string[]
  /** Where the tokens were asked for. */
  readonly requestUri: string
  /** The code that was redeemed for it. */
  readonly code?: string
}

/** Signs and writes out what a grant's latest access token, and what goes with it, will be once it is written. */
export async function tokenResponse(
  realm: Realm,
  client: Client,
  { record, key }: Pick<Found, 'record' | 'key'>,
  grant: Grant,
  { refreshed, asked, requestUri, code }: Issue,
): Promise<TokenResponse> {
  const made = accessToken(realm, client, key, record, grant)
  const access_token = typeof made === 'string' ? made : await made
  const token = grant.tokens.at(-1) as TokenState
  const refresh_token = refreshTokenOf(realm, key, grant)
  const scope = token.scope ?? grant.scope
  const id_token = asked.includes('openid')
    ? await whenReady(
        idTokenClaims(realm, client, { ...grant, scope: asked }, { alone: false, requestUri }),
        (userClaims) =>
          idToken(realm, client, key, record, grant, {
            access_token,
            code,
            s_hash: refreshed ? undefined : grant.s_hash,
            userClaims,
            nonce: !refreshed,
            way: 'given',
          }),
      )
    : undefined
  return {
    access_token,
    ...(refresh_token === undefined ? {} : { refresh_token }),
    ...scopeMember(scope),
    ...(id_token === undefined ? {} : { id_token }),
    token_type: boundTo(token.cnf).token_type,
    expires_in: token.by - realm.now(),
    ...detailsMember(grant, token),
  }
}
