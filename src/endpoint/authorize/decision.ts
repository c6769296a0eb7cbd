import { leavesNone } from '../../authorization/chosen-details.ts'
import { isCsrfToken } from '../../authorization/consent.ts'
import { detailParameter } from '../../authorization/decision-parameter.ts'
import { isAllow, isPushedCsrf } from '../../authorization/pushed-decision.ts'
import type { RemoteAnswer } from '../../authorization/remote-consent/response.ts'
import { equalInConstantTime } from '../../base/bytes.ts'
import type { Form } from '../../base/form.ts'
import { termsOf } from '../../client/terms.ts'
import { most } from '../../details/detail.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Visit } from './visit.ts'
import { returnUrl } from './visit.ts'

/** What the user answered, proven to come from this user's own page or client. */
export interface UserDecision {
  readonly allow: boolean
  readonly save: boolean
  /** What a remote consent service answered for the user; absent: it was a page here, or REST. */
  readonly remote?: RemoteAnswer
  /** Which of the request's authorization details are allowed, by their places; absent: all. */
  readonly details?: readonly number[]
}

/**
 * The decision a POST brings (C-6b), proven by its csrf (C-6c); undefined when it brings none.
 *
 * @throws OAuthError bad_request for the user's own eyes: a decision without proof is nothing the
 * client should hear of.
 */
export function postedDecision(visit: Visit, subjectId: string): UserDecision | undefined {
  const { http, form } = visit
  if (http.method !== 'POST' || !(form.has('csrf') || form.has('decision'))) return undefined
  requireCsrf(visit, subjectId)
  const decision = { allow: isAllow(form.get('decision')), save: form.get('save_consent') === 'on' }
  return form.has('choose_details') ? { ...decision, details: chosenDetails(form) } : decision
}

/** To leave out every detail that was asked for is to refuse. */
export function orRefused(
  request: AuthorizationRequest,
  decision: UserDecision | undefined,
): UserDecision | undefined {
  if (decision === undefined || !leavesNone(request, decision.details)) return decision
  return { ...decision, allow: false }
}

/** Whether an answer leaves out every detail that there may be. */
export function leavesAllOut(form: Form): boolean {
  return form.has('choose_details') && chosenDetails(form).length === 0
}

function chosenDetails(form: Form): readonly number[] {
  return Array.from({ length: most.details }, (_, i) => i).filter((i) =>
    form.has(detailParameter(i)),
  )
}

/** A decision that was pushed, if the session this browser presents proves it (C-16). */
export function pushedDecision(
  { session, realm, client }: Visit,
  { decision }: AuthorizationRequest,
): UserDecision | undefined {
  if (decision === undefined || session === undefined) return undefined
  if (!termsOf(realm, client).pushed_decision) return undefined
  const proven = isPushedCsrf(realm, session.token, decision)
  return proven ? { allow: decision.allow, save: decision.save } : undefined
}

function requireCsrf(visit: Visit, subjectId: string): void {
  const { realm, client, session, form, http } = visit
  const sent = form.get('csrf')
  const origin = http.headers.origin
  // Browsers say `null` where the page's referrer policy keeps them from saying where they come from.
  const foreign = origin !== undefined && origin !== 'null' && origin !== http.origin
  if (sent !== undefined && session !== undefined && !foreign) {
    if (isCsrfToken(realm, session, subjectId, sent)) return
    // PingAM's REST clients send the session token itself.
    if (termsOf(realm, client).raw_session_csrf && equalInConstantTime(sent, session.token)) return
  }
  const { error_names } = termsOf(realm, client)
  const code = error_names === 'ping' ? 'bad_request' : 'invalid_request'
  throw new OAuthError(code, "The decision is not proven to be the user's own.", {
    why: foreign ? 'decision-origin' : 'decision-csrf',
    reason: foreign ? 'foreign origin' : 'csrf',
    parameter: 'csrf',
    fate: 'session',
    back: returnUrl(visit),
  })
}
