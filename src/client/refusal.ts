import type { HttpRequest } from '../base/http.ts'
import { header } from '../base/http.ts'
import { event } from '../base/log.ts'
import type { ErrorDetail } from '../protocol/error.ts'
import { OAuthError } from '../protocol/error.ts'
import type { ReasonName } from '../protocol/reason/index.ts'
import { reasons } from '../protocol/reason/index.ts'
import { logHash } from '../realm/log-hash.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import { termsOf, termsOffered } from './terms.ts'

/** Whom a refused caller named: a registered client, or an id that is nobody's, or nobody. */
export type Named = Client | string | undefined

/** Why: the row of reasons, what differs, and what else an operator should know. */
export interface Refused {
  readonly why: ReasonName
  readonly differs?: string | undefined
  readonly reason?: string
}

/** C-23, RFC 6749 §5.2: 401 with a challenge where an Authorization header was sent. The log says why. */
export function invalidClient(
  realm: Realm,
  http: HttpRequest,
  named: Named,
  refused: Refused,
): OAuthError {
  return refusal(realm, named, refused, header(http, 'authorization') !== undefined)
}

/** The same where only the method is known by which the client came. */
export function refusal(
  realm: Realm,
  named: Named,
  { why, differs, reason = reasons[why].says }: Refused,
  byHeader: boolean,
): OAuthError {
  logRefusal(realm, named, reason)
  const terms = typeof named === 'object' ? termsOf(realm, named) : termsOffered(realm)
  const told = differs === undefined ? { why, reason } : { why, differs, reason }
  const detail: ErrorDetail = byHeader
    ? { ...told, status: 401, headers: { 'www-authenticate': `Basic realm="${realm.path}"` } }
    : { ...told, status: terms.invalid_client_status }
  return new OAuthError('invalid_client', 'Client authentication failed', detail)
}

/**
 * An id that no client is registered by may be anything, a secret that stands in the wrong field too: the
 * log has it as a keyed hash, the same one each time.
 */
export function logRefusal(realm: Realm, named: Named, reason: string): void {
  const client_id = typeof named === 'object' ? named.client_id : undefined
  const client_id_hash = typeof named === 'string' ? logHash(realm, named) : undefined
  event('client.refused', { realm: realm.path, client_id, client_id_hash, reason }, 'warn')
}
