import { answeredBefore } from '../../authorization/answer.ts'
import { csrfToken } from '../../authorization/consent.ts'
import { endedInteraction } from '../../authorization/interaction.ts'
import { isAllow } from '../../authorization/pushed-decision.ts'
import { proveRedirection } from '../../authorization/redirection.ts'
import { equalInConstantTime } from '../../base/bytes.ts'
import type { HttpResponse } from '../../base/http.ts'
import { withHeaders } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import { storeKey } from '../../grant/handle.ts'
import type { Found } from '../../grant/record.ts'
import { grantIn } from '../../grant/record.ts'
import { OAuthError } from '../../protocol/error.ts'
import { send, sendRefusal } from './send.ts'
import type { Visit } from './visit.ts'

/**
 * The answer once more, for a user who pressed the same button of the same consent page twice: with the
 * second click a browser drops the answer to the first. It is the same answer, with the same code, and
 * only for the session that was asked, with its page's csrf; a code that was redeemed is not sent again
 * (C-14). Undefined: this is no such click.
 */
export function answerAgain(visit: Visit, { key, record }: Found): HttpResponse | undefined {
  const { realm, client, session, http, form } = visit
  if (record.state !== 'issued' && record.state !== 'denied') return undefined
  const { answer, heldBy, redirect_uri, issuer } = record
  if (answer === undefined || session === undefined || heldBy?.sid !== session.sid) return undefined
  const subjectId = storeKey(key)
  const csrf = form.get('csrf') ?? ''
  const allow = isAllow(form.get('decision'))
  if (http.method !== 'POST' || !equalInConstantTime(csrf, csrfToken(realm, session, subjectId)))
    return undefined
  if (record.state !== (allow ? 'issued' : 'denied')) return undefined
  if (allow && realm.now() >= (grantIn(record)?.code?.by ?? 0)) return undefined
  const proven = proveRedirection(realm, client, { redirect_uri, response_type: 'code', ...answer })
  const redirection = { ...proven, issuer }
  event('authorization.repeated', { realm: realm.path, client_id: client.client_id })
  const response = allow
    ? send(http, answeredBefore(realm, redirection, key))
    : sendRefusal(realm, http, redirection, userRefused())
  return withHeaders(response, { 'set-cookie': [endedInteraction(realm, http, subjectId)] })
}

/** PingAM's words for a user who says no. */
export function userRefused(): OAuthError {
  return new OAuthError('access_denied', 'Resource Owner did not authorize the request')
}
