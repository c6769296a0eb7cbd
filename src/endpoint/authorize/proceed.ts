import { isAlwaysAsked, mayGrant } from '../../authorization/administration.ts'
import { keptAnswer } from '../../authorization/answer.ts'
import { withChosen } from '../../authorization/chosen-details.ts'
import { consentSavable, consentSaved } from '../../authorization/consent.ts'
import type { Decision } from '../../authorization/decide.ts'
import { decide } from '../../authorization/decide.ts'
import { finish } from '../../authorization/finish.ts'
import { knownUser } from '../../authorization/hint.ts'
import type { Interaction } from '../../authorization/interaction.ts'
import { endedInteraction, interactionCookies } from '../../authorization/interaction.ts'
import type { RedirectionEndpoint } from '../../authorization/redirection.ts'
import { allowedOf } from '../../authorization/remote-consent/response.ts'
import { denied, saveConsent, unlessLost } from '../../authorization/save-consent.ts'
import type { HttpResponse } from '../../base/http.ts'
import { redirect, uriOf, withHeaders } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import { tell } from '../../base/trace.ts'
import { spentBefore } from '../../client/single-use.ts'
import { termsOf } from '../../client/terms.ts'
import type { Unanswered } from '../../grant/record.ts'
import { deny } from '../../grant/transition.ts'
import type { AuthorizationRequest, Prompt } from '../../protocol/authorization-request.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Session } from '../../session/session.ts'
import { userRefused } from './again.ts'
import { askConsent } from './ask-consent.ts'
import type { UserDecision } from './decision.ts'
import { orRefused } from './decision.ts'
import { askElsewhere, decisionOf } from './remote-consent.ts'
import { makeRefusal, send, sendMade, sendRefusal } from './send.ts'
import type { Visit } from './visit.ts'
import { loginUrl } from './visit.ts'

/** One authorization as this visit meets it. */
export interface Authorization {
  readonly visit: Visit
  readonly request: AuthorizationRequest
  readonly redirection: RedirectionEndpoint
  /** Key of the record, or digest of a request without one: what csrf and cookies are about. */
  readonly subjectId: string
  readonly live: readonly Prompt[]
  /** What the user answered on the page or by REST, already proven. */
  readonly posted: UserDecision | undefined
  readonly opened: { readonly at: number; readonly sid: string } | undefined
  /** This browser's interaction; made now if it had none. */
  readonly interaction: Interaction
  readonly found: Unanswered | undefined
  /**
   * Notes in the record that a page or detour follows, and who is at it; false when another write
   * was first. Does nothing for a request without a record.
   */
  markOpened(step: 'login' | 'consent'): Promise<boolean>
}

/** Decides and carries out. Undefined when another write came first: the caller reads again. */
export async function proceed(authorization: Authorization): Promise<HttpResponse | undefined> {
  const { visit, request } = authorization
  const { realm, session } = visit
  const decision = orRefused(request, await decisionOf(authorization))
  const next = decide(realm, {
    request,
    terms: termsOf(realm, visit.client),
    tree: visit.client.treeName,
    live: authorization.live,
    session,
    ...(await knownUser(realm, visit.client, request, session)),
    opened: authorization.opened,
    consented: decision?.allow === true || (await consented(authorization)),
    allowed: decision?.allow === true,
    now: realm.now(),
  })
  if (next.next === 'refuse')
    return refuse(authorization, new OAuthError(next.code, next.description, { why: next.why }))
  if (next.next === 'login')
    return (await authorization.markOpened('login')) ? toLogin(authorization, next) : undefined
  if (decision !== undefined && !decision.allow) return refused(authorization, decision)
  if (!(await mayGrant(realm, session as Session, request.scope)))
    return refuse(authorization, onlyAdministrators())
  if (next.next === 'consent') return toConsent(authorization, session as Session)
  if (decision?.allow === true) tell('consent_given')
  return issue(authorization, session as Session, next.acr, decision)
}

function onlyAdministrators(): OAuthError {
  const says = 'Only an administrator may grant a scope of administration.'
  return new OAuthError('access_denied', says, { why: 'administration-scope' })
}

async function consented({ visit, request }: Authorization): Promise<boolean> {
  const { realm, client, session } = visit
  if (isAlwaysAsked(request.scope)) return false
  if (request.response_type === 'none' || termsOf(realm, client).implied_consent) return true
  return session !== undefined && (await consentSaved(realm, client, session, request))
}

function toLogin(
  authorization: Authorization,
  { journey }: Extract<Decision, { next: 'login' }>,
): HttpResponse {
  const { visit } = authorization
  const status = visit.http.method === 'POST' ? 303 : 302
  return redirect(status, loginUrl(visit, journey), cookieOf(authorization))
}

/** What sends the user elsewhere is made before anything is written: where it cannot be, nothing has changed. */
async function toConsent(
  authorization: Authorization,
  session: Session,
): Promise<HttpResponse | undefined> {
  const elsewhere = await askElsewhere(authorization, session)
  if (!(await authorization.markOpened('consent'))) return undefined
  const page = elsewhere ?? (await askConsent(authorization, session))
  return withHeaders(page, cookieOf(authorization))
}

async function issue(
  authorization: Authorization,
  session: Session,
  acr: string | undefined,
  decision: UserDecision | undefined,
): Promise<HttpResponse | undefined> {
  const { visit, redirection, found } = authorization
  const { realm, client, http } = visit
  const remote = decision?.remote
  // What was used before saves nothing again. Where there is a record, that says so itself.
  if (found === undefined && (await remote?.singleUse.isSpent()))
    throw spentBefore(remote?.singleUse)
  const allowed = allowedOf(authorization.request, remote)
  const request = withChosen(allowed, decision?.details)
  // Before anything is spent: a consent that could not be kept must not cost the user the code.
  const saved = decision?.save === true && consentSavable(realm)
  const takeBack = saved ? await saveConsent(realm, client, session, request) : undefined
  const requestUri = uriOf(http)
  const finished = { request, redirection, session, acr, found, remote, requestUri }
  const pending = { found, remote: remote?.singleUse, takeBack }
  const response = await unlessLost(realm, pending, () => finish(realm, client, finished))
  if (response === undefined) return undefined
  if (decision !== undefined) tellConsent(visit, request, session, saved)
  return withHeaders(send(realm, http, redirection, response), finalCookies(authorization))
}

function tellConsent(
  { realm, client }: Visit,
  { scope }: AuthorizationRequest,
  { sub }: Session,
  saved: boolean,
): void {
  const { client_id } = client
  event('consent.given', { realm: realm.path, client_id, sub, scope, saved })
}

/** The user said no, with proof that it was the user. */
async function refused(
  authorization: Authorization,
  { remote }: UserDecision,
): Promise<HttpResponse | undefined> {
  const { visit, redirection, found } = authorization
  const { realm, http } = visit
  // Made before anything is written: an answer that cannot be made leaves the request as it was.
  const refusal = await makeRefusal(realm, redirection, userRefused())
  const answer = keptAnswer(found, redirection, remote?.digest)
  if (found === undefined) await remote?.singleUse.spend(denied)
  else if (!(await deny(realm, found, answer))) return undefined
  const { client_id } = visit.client
  event('consent.denied', { realm: realm.path, client_id, sub: visit.session?.sub })
  const response = sendMade(realm, http, refusal)
  return withHeaders(response, { 'set-cookie': ended(authorization) })
}

/** Nothing was spent (C-2b): what was pushed may be tried again; what has no record ends here. */
async function refuse(authorization: Authorization, error: OAuthError): Promise<HttpResponse> {
  const { visit, redirection, found } = authorization
  const response = await sendRefusal(visit.realm, visit.http, redirection, error)
  return found === undefined
    ? withHeaders(response, { 'set-cookie': ended(authorization) })
    : response
}

function cookieOf({ visit, subjectId, interaction }: Authorization): {
  readonly 'set-cookie': string[]
} {
  return { 'set-cookie': interactionCookies(visit.realm, visit.http, subjectId, interaction) }
}

/** PingAM deletes the cookie in which it parks a posted request; we never set it, clients look for it. */
function finalCookies(authorization: Authorization): { readonly 'set-cookie': string[] } {
  const parked =
    'OAUTH_REQUEST_ATTRIBUTES=DELETED; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly'
  return {
    'set-cookie': [
      ...(authorization.redirection.terms.extras ? [parked] : []),
      ...ended(authorization),
    ],
  }
}

/** B-9: a finished interaction leaves nothing by which the next one could count as begun. */
function ended({ visit, subjectId, opened }: Authorization): string[] {
  return opened === undefined ? [] : endedInteraction(visit.realm, visit.http, subjectId)
}
