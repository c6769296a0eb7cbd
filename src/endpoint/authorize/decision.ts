import { csrfToken } from '../../authorization/consent.ts'
import { csrfHash, isAllow } from '../../authorization/request.ts'
import { equalInConstantTime } from '../../base/bytes.ts'
import { profileOf } from '../../client/client.ts'
import type { AuthorizationRequest } from '../../spec/authorization-request.ts'
import { OAuthError } from '../../spec/error.ts'
import type { Visit } from './visit.ts'

/** What the user answered, proven to come from this user's own page or client. */
export interface UserDecision {
  readonly allow: boolean
  readonly save: boolean
}

/**
 * The decision a visit brings: posted with a valid csrf (C-6b, C-6c), else pushed and proven by the
 * session this browser presents (C-16); undefined when there is none.
 *
 * @throws OAuthError bad_request for a posted decision without valid csrf.
 */
export function userDecision(
  visit: Visit,
  request: AuthorizationRequest,
  about: string,
): UserDecision | undefined {
  const { http, form } = visit
  if (http.method === 'POST' && (form.has('csrf') || form.has('decision'))) {
    requireCsrf(visit, about)
    return { allow: isAllow(form.get('decision')), save: form.get('save_consent') === 'on' }
  }
  const { decision } = request
  const { session, realm } = visit
  if (decision === undefined || session === undefined) return undefined
  const proven = equalInConstantTime(csrfHash(realm, session.token), decision.csrf_hash)
  return proven ? { allow: decision.allow, save: decision.save } : undefined
}

function requireCsrf({ realm, client, session, form, http }: Visit, about: string): void {
  const sent = form.get('csrf')
  const origin = http.headers.origin
  const foreign = origin !== undefined && origin !== 'null' && origin !== http.origin
  if (sent !== undefined && session !== undefined && !foreign) {
    if (equalInConstantTime(sent, csrfToken(realm, session, about))) return
    // PingAM's REST clients send the session token itself.
    if (profileOf(realm, client).raw_session_csrf && equalInConstantTime(sent, session.token))
      return
  }
  throw new OAuthError('bad_request', "The decision is not proven to be the user's own.", {
    reason: foreign ? 'foreign origin' : 'csrf',
    parameter: 'csrf',
  })
}
