import type { HttpRequest } from '../base/http.ts'
import { event } from '../base/log.ts'
import { tellUser } from '../base/trace.ts'
import type { Binding, KeyConfirmation } from '../binding/binding.ts'
import { boundTo, isBoundTo } from '../binding/binding.ts'
import { connections } from '../binding/proof.ts'
import type { Client } from '../client/client.ts'
import { termsOf } from '../client/terms.ts'
import { findRecord } from '../grant/find-record.ts'
import type { RecordKey } from '../grant/handle.ts'
import { handleOf } from '../grant/handle.ts'
import type { Found, Grant, RefreshState } from '../grant/record.ts'
import { grantIn, isFor, isRedeemed } from '../grant/record.ts'
import { refresh, retryUntilDecided } from '../grant/transition.ts'
import { timeDifference } from '../protocol/difference/text.ts'
import { OAuthError } from '../protocol/error.ts'
import type { ReasonName } from '../protocol/reason/index.ts'
import type { Realm } from '../realm/realm.ts'
import type { Caller, Next } from './code.ts'
import { endGrant } from './code.ts'
import type { TokenResponse } from './issue.ts'

const invalidGrant = (why: ReasonName, reason: string, differs?: string): OAuthError =>
  new OAuthError('invalid_grant', 'grant is invalid', {
    why,
    reason,
    ...(differs === undefined ? {} : { differs }),
  })

/** Whether this client's code exchanges yield a refresh token (PingAM: issueRefreshToken). */
export function issuesRefreshToken(realm: Realm, client: Client): boolean {
  return termsOf(realm, client).issue_refresh_token && mayRefresh(realm, client)
}

/** Whether the token endpoint takes refresh tokens of this client at all. */
export function mayRefresh(realm: Realm, client: Client): boolean {
  return termsOf(realm, client).grant_types.includes('refresh_token')
}

/** The first refresh token of a grant. */
export function firstRefresh(realm: Realm, client: Client, binding: Binding): RefreshState {
  return tied(client, binding, { n: 1, by: refreshBy(realm, client), rotated_at: 0 })
}

/** RFC 9449 §5: a public client's is tied to the key that was proven. A confidential one proves itself at each use. */
function tied(client: Client, { cnf }: Binding, refresh: RefreshState): RefreshState {
  return cnf === undefined || client.clientType !== 'Public' ? refresh : { ...refresh, cnf }
}

/** What came with a refresh token, and the token. */
export interface RefreshRequest {
  readonly token: string
  readonly binding: Binding
  readonly http: HttpRequest
}

/** The refresh token in force, as text. */
export function refreshTokenOf(realm: Realm, key: RecordKey, grant: Grant): string | undefined {
  return grant.refresh === undefined ? undefined : handleOf(realm, 'refresh', key, grant.refresh.n)
}

function refreshBy(realm: Realm, client: Client): number {
  const { refresh_token_lifetime: lifetime } = termsOf(realm, client)
  return lifetime < 0 ? 0 : realm.now() + lifetime
}

/**
 * Redeems a refresh token (RFC 6749 §6). Where tokens rotate, the same old token yields the same
 * successor for a while, so that a lost answer can be asked for again; after that its reuse ends the
 * grant (C-3, RFC 9700 §4.14.2).
 *
 * @throws OAuthError invalid_grant.
 */
export async function redeemRefreshToken(
  realm: Realm,
  caller: Caller,
  request: RefreshRequest,
  next: Next,
): Promise<TokenResponse> {
  const found = await findRecord(realm, 'refresh', request.token)
  if (found === 'unknown' || found === 'gone')
    throw invalidGrant(`refresh-${found}`, `refresh token ${found}`)
  return retryUntilDecided(
    realm,
    found,
    (current) => redeemOnce(realm, caller, request, current, next),
    () => {
      throw invalidGrant('refresh-gone', 'grant gone')
    },
  )
}

async function redeemOnce(
  realm: Realm,
  caller: Caller,
  request: RefreshRequest,
  found: Found,
  next: Next,
): Promise<TokenResponse | undefined> {
  const { client, singleUse } = caller
  const { record } = found
  const { binding } = request
  const grant = grantIn(record)
  const before = grant?.refresh
  if (!isFor(client, record))
    throw invalidGrant('refresh-foreign', 'refresh token of another client')
  if (grant === undefined || before === undefined || !isRedeemed(found)) {
    throw invalidGrant('refresh-ended', `grant is ${record.state}`)
  }
  tellUser(grant.sub)
  if (before.by !== 0 && realm.now() >= before.by)
    throw invalidGrant(
      'refresh-expired',
      'refresh token expired',
      timeDifference(realm.now() - before.by),
    )
  if (before.cnf !== undefined && !proves(realm, request, before.cnf))
    throw invalidGrant('refresh-key', 'refresh token tied to another key')
  const state = afterUse(realm, client, binding, before, found.n)
  if (state === undefined)
    return endGrant(realm, caller, found, invalidGrant('refresh-replayed', 'refresh token reused'))
  const issued = await next(found, { ...grant, refresh: state })
  // A retry that is answered by what was issued before changes nothing.
  if (issued.grant.last === grant.last) return issued.response
  if (!(await refresh(realm, found, issued.grant, singleUse))) return undefined
  const { client_id } = client
  event('refresh.redeemed', { realm: realm.path, client_id, sub: grant.sub, n: state.n })
  return issued.response
}

/**
 * Whether a request proves the key of a refresh token: what ties new tokens does, or the connection, which may do so for a
 * client whose tokens are tied to nothing any more.
 */
function proves(realm: Realm, { binding, http }: RefreshRequest, key: KeyConfirmation): boolean {
  if (isBoundTo(binding, key)) return true
  const shown = connections[boundTo(key).kind]?.(realm, http).binding
  return shown !== undefined && isBoundTo(shown, key)
}

/** Whether the token that was presented has a successor already: then its use asks for that answer again (C-3). */
export function isRetry({ n, record }: Found): boolean {
  return n < (grantIn(record)?.refresh?.n ?? 0)
}

/**
 * Whether nobody who has the token but not the key can use it (C-3, RFC 9700 §2.2.2): a public client's is tied to the
 * key itself, a confidential client proves both itself and the key of what it gets.
 */
function isConstrained(client: Client, { cnf }: Binding, refresh: RefreshState): boolean {
  return client.clientType === 'Public' ? refresh.cnf !== undefined : cnf !== undefined
}

/** The state after the n-th token was used; undefined when its use is a replay. */
function afterUse(
  realm: Realm,
  client: Client,
  binding: Binding,
  refresh: RefreshState,
  n: number,
): RefreshState | undefined {
  const by = refreshBy(realm, client)
  const { rotate_refresh } = termsOf(realm, client)
  if (!rotate_refresh && n !== refresh.n) return undefined
  if (n === refresh.n) {
    if (!rotate_refresh || isConstrained(client, binding, refresh)) return { ...refresh, by }
    return tied(client, binding, { n: n + 1, by, rotated_at: realm.now() })
  }
  const retried =
    n === refresh.n - 1 && realm.now() - refresh.rotated_at <= realm.provider.refreshRetryWindow
  return retried ? refresh : undefined
}
