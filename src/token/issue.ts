import type { Client } from '../client/client.ts'
import { handleOf } from '../grant/handle.ts'
import type { TokenState } from '../grant/record.ts'
import type { Realm } from '../realm/realm.ts'
import { accessToken } from './access-token.ts'
import type { Redeemed } from './code.ts'
import { idToken } from './id-token.ts'
import { refreshTokenOf } from './refresh-token.ts'
import { idTokenClaims } from './user-claims.ts'

/** A token response (RFC 6749 §5.1, OIDC Core §3.1.3.3), members in the order of PingAM's. */
export interface TokenResponse {
  readonly access_token: string
  readonly refresh_token?: string
  readonly scope: string
  readonly id_token?: string
  readonly token_type: 'Bearer'
  /** Seconds. */
  readonly expires_in: number
}

/** What of a redeemed grant the response carries. */
export interface Issue {
  readonly refreshed: boolean
}

/** Signs and writes out what a redemption issued. The record already says so; this only spells it. */
export async function tokenResponse(
  realm: Realm,
  client: Client,
  redeemed: Redeemed,
  { refreshed }: Issue,
): Promise<TokenResponse> {
  const { found, grant } = redeemed
  const { record, key } = found
  const access_token = await accessToken(realm, client, key, record, grant)
  const token = grant.tokens.at(-1) as TokenState
  const refresh_token = refreshTokenOf(realm, found, grant)
  const scope = token.scope ?? grant.scope
  const id_token = scope.includes('openid')
    ? await idToken(realm, client, key, record, grant, {
        access_token,
        code: refreshed || grant.code === undefined ? undefined : handleOf(realm, 'code', key),
        userClaims: await idTokenClaims(realm, grant, false),
        nonce: !refreshed,
      })
    : undefined
  return {
    access_token,
    ...(refresh_token === undefined ? {} : { refresh_token }),
    scope: scope.join(' '),
    ...(id_token === undefined ? {} : { id_token }),
    token_type: 'Bearer',
    expires_in: token.by - realm.now(),
  }
}
