import { consentAgent } from '../../authorization/remote-consent/agent.ts'
import type { Asked } from '../../authorization/remote-consent/request.ts'
import { consentRequest } from '../../authorization/remote-consent/request.ts'
import { readConsentResponse } from '../../authorization/remote-consent/response.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpResponse } from '../../base/http.ts'
import { header, htmlPage, redirect } from '../../base/http.ts'
import type { Ready } from '../../base/ready.ts'
import { tell } from '../../base/trace.ts'
import { termsOf } from '../../client/terms.ts'
import { frameOf } from '../../page/brand.ts'
import { clientView, scopeViews } from '../../page/client-view.ts'
import { formPostPage, formPostScript } from '../../page/form-post.ts'
import { pageHeaders } from '../../page/headers.ts'
import { chooseMessages } from '../../page/messages/index.ts'
import type { Fate } from '../../protocol/error.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { ReasonName } from '../../protocol/reason/index.ts'
import type { Session } from '../../session/session.ts'
import type { UserDecision } from './decision.ts'
import { pushedDecision } from './decision.ts'
import type { Authorization } from './proceed.ts'
import type { Speaking } from './speaking.ts'
import type { Visit } from './visit.ts'
import { returnUrl } from './visit.ts'

/**
 * What the user answered, wherever: where a service asks, only what it sends counts, and nothing else of it
 * does where a page here asks.
 */
export function decisionOf(authorization: Authorization): Ready<UserDecision | undefined> {
  const { visit, request, posted } = authorization
  const { realm, client } = visit
  if (termsOf(realm, client).remote_consent !== undefined) return remoteDecision(authorization)
  if (answerIn(visit) !== undefined)
    throw refusal(visit, 'remote-consent-unwanted', 'no remote consent')
  return posted ?? pushedDecision(visit, request)
}

/**
 * Sends the user to the service that asks for consent (PingAM: remote-consent); undefined where a page here
 * does.
 *
 * @throws OAuthError server_error or temporarily_unavailable, for the client.
 */
export async function askElsewhere(
  authorization: Authorization,
  session: Session,
): Promise<HttpResponse | undefined> {
  const { visit } = authorization
  const { realm, client, http } = visit
  const agent = await consentAgent(realm, client)
  if (agent === undefined) return undefined
  const consent_request = await consentRequest(realm, agent, asked(authorization, session))
  const { remoteConsentRedirectUrl: address } = agent
  tell('consent_asked')
  if (agent.remoteConsentRequestMode === 'form_post')
    return selfPosting(visit, authorization.request, address, address, [
      ['consent_request', consent_request],
    ])
  const mark = address.includes('?') ? '&' : '?'
  const location = `${address}${mark}${encodeForm([['consent_request', consent_request]])}`
  return redirect(http.method === 'POST' ? 303 : 302, location)
}

function asked({ visit, request, subjectId }: Authorization, session: Session): Asked {
  const { realm, client, http } = visit
  const locales = request.ui_locales?.split(' ') ?? []
  const { lang } = chooseMessages(locales, header(http, 'accept-language'))
  const { name, description = '' } = clientView(client, lang)
  const scopes = [...client.scopes, ...realm.provider.supportedScopes]
  const views = scopeViews({ ...client, scopes }, request.scope, lang)
  const texts = new Map(views.map((view) => [view.name, view.text]))
  return {
    client,
    request,
    session,
    subjectId,
    consentApprovalRedirectUri: returnUrl(visit),
    name,
    description,
    textOf: (scope) => texts.get(scope),
  }
}

/** C-6: an answer stands in the body of a POST, and never in a URL. */
function answerIn({ http, form }: Visit): string | undefined {
  return http.method === 'POST' ? form.get('consent_response') : undefined
}

/**
 * What the service answered, if this visit brings that.
 *
 * @throws OAuthError for the user's own eyes: an answer that is not proven is nothing the client should hear of.
 */
async function remoteDecision({
  visit,
  request,
  subjectId,
  posted,
}: Authorization): Promise<UserDecision | undefined> {
  const { realm, client, session } = visit
  if (posted !== undefined) throw refusal(visit, 'remote-consent-needed', 'decision')
  const token = answerIn(visit)
  if (token === undefined) return undefined
  const agent = await consentAgent(realm, client)
  if (agent === undefined) return undefined
  const refuse = (why: ReasonName, reason: string): OAuthError => refusal(visit, why, reason)
  if (session === undefined) throw refuse('remote-consent-csrf', 'no session')
  const answered = { client, request, session, subjectId, refuse }
  const remote = await readConsentResponse(realm, agent, token, answered)
  const { allow, save, details } = remote
  return { allow, save, remote, ...(details === undefined ? {} : { details }) }
}

/** What the user is told of it: the rest is the service's. */
const fates: Readonly<Partial<Record<ReasonName, Fate>>> = {
  'remote-consent-needed': 'session',
  'remote-consent-csrf': 'session',
  'remote-consent-expired': 'session',
  'remote-consent-replayed': 'answered',
}

function refusal(visit: Visit, why: ReasonName, reason: string): OAuthError {
  const { error_names } = termsOf(visit.realm, visit.client)
  const code = error_names === 'ping' ? 'bad_request' : 'invalid_request'
  return new OAuthError(code, 'The answer of the consent service cannot be taken.', {
    why,
    reason,
    parameter: 'consent_response',
    fate: fates[why] ?? 'answer',
    back: returnUrl(visit),
  })
}

/**
 * An answer that a page of another site posts comes without the cookies of this one (SameSite): it is posted
 * once more, from here. Undefined where it need not be.
 */
export function postedAgain(
  visit: Visit,
  redirect_uri: string,
  request: Speaking,
): HttpResponse | undefined {
  const { http, form } = visit
  const token = answerIn(visit)
  const origin = header(http, 'origin')
  const foreign = origin !== undefined && origin !== http.origin
  if (token === undefined || form.has('consent_returned') || !foreign) return undefined
  return selfPosting(visit, request, returnUrl(visit), redirect_uri, [
    ['consent_response', token],
    ['consent_returned', 'true'],
  ])
}

/** A page that posts itself; `leads`: where the answer to it leads in the end. */
function selfPosting(
  { realm, http }: Visit,
  { ui_locales }: Speaking,
  action: string,
  leads: string,
  values: readonly (readonly [string, string])[],
): HttpResponse {
  const messages = chooseMessages(ui_locales?.split(' '), header(http, 'accept-language'))
  const frame = frameOf(realm, messages)
  const headers = pageHeaders({ redirect_uri: leads, script: formPostScript, ...frame })
  return htmlPage(200, formPostPage({ ...frame, action, values }), headers)
}
