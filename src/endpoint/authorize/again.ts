import { answeredBefore } from '../../authorization/answer.ts'
import { isCsrfToken } from '../../authorization/consent.ts'
import { endedInteraction } from '../../authorization/interaction.ts'
import { isAllow } from '../../authorization/pushed-decision.ts'
import type { RedirectionEndpoint } from '../../authorization/redirection.ts'
import { proveRedirection } from '../../authorization/redirection.ts'
import { responseDigest } from '../../authorization/remote-consent/response.ts'
import { carried } from '../../authorization/respond.ts'
import type { Form } from '../../base/form.ts'
import type { HttpResponse } from '../../base/http.ts'
import { uriOf, withHeaders } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import { storeKey } from '../../grant/handle.ts'
import type { Found, Issued } from '../../grant/record.ts'
import { isIssued } from '../../grant/record.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Session } from '../../session/session.ts'
import { leavesAllOut } from './decision.ts'
import { send, sendRefusal } from './send.ts'
import type { Visit } from './visit.ts'

/**
 * The answer once more, for a user who pressed the same button of the same consent page twice, here or at a
 * remote consent service: with the second click a browser drops the answer to the first. It is the same
 * answer, with the same code and access token, and only for the session that was asked, with its page's csrf
 * or what the service answered; a code that was redeemed is not sent again (C-14). Undefined: this is no
 * such click.
 */
export async function answerAgain(visit: Visit, found: Found): Promise<HttpResponse | undefined> {
  const { key, record } = found
  const { realm, client, session, http, form } = visit
  if (record.state !== 'issued' && record.state !== 'denied') return undefined
  const { answer, heldBy, redirect_uri, issuer } = record
  if (answer === undefined || session === undefined || heldBy?.sid !== session.sid) return undefined
  const subjectId = storeKey(key)
  const { tokens, remote, ...sent } = answer
  if (http.method !== 'POST') return undefined
  if (remote === undefined ? !isSameButton(visit, session, found) : !isSameAnswer(form, remote))
    return undefined
  const response_type = tokens?.response_type ?? 'code'
  const proven = proveRedirection(realm, client, { redirect_uri, response_type, ...sent })
  const redirection = { ...proven, issuer }
  const response = isIssued(found)
    ? await sendAgain(visit, redirection, found)
    : await sendRefusal(realm, http, redirection, userRefused())
  if (response === undefined) return undefined
  event('authorization.repeated', { realm: realm.path, client_id: client.client_id })
  return withHeaders(response, { 'set-cookie': endedInteraction(realm, http, subjectId) })
}

/** What was pressed on a page here. */
function isSameButton(
  { realm, form }: Visit,
  session: Session,
  { key, record: { state } }: Found,
): boolean {
  const allow = isAllow(form.get('decision')) && !leavesAllOut(form)
  if (state !== (allow ? 'issued' : 'denied')) return false
  return isCsrfToken(realm, session, storeKey(key), form.get('csrf') ?? '')
}

/** What a service answered: proven when it came first, and known by its digest (PingAM: remote-consent). */
function isSameAnswer(form: Form, digest: string): boolean {
  return responseDigest(form.get('consent_response') ?? '') === digest
}

async function sendAgain(
  { realm, client, http }: Visit,
  redirection: RedirectionEndpoint,
  found: Found<Issued>,
): Promise<HttpResponse | undefined> {
  const parameters = await answeredBefore(
    realm,
    client,
    { redirection, requestUri: uriOf(http) },
    found,
  )
  if (parameters === undefined) return undefined
  return send(realm, http, redirection, await carried(realm, redirection, parameters))
}

/** PingAM's words for a user who says no. */
export function userRefused(): OAuthError {
  return new OAuthError('access_denied', 'Resource Owner did not authorize the request', {
    why: 'user-refused',
  })
}
