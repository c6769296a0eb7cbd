import { decisionParameters } from '../../authorization/decision-parameter.ts'
import {
  isCurrent,
  newInteraction,
  readInteraction,
  requestDigest,
} from '../../authorization/interaction.ts'
import type { RedirectionParameters } from '../../authorization/redirection.ts'
import { proveRedirection } from '../../authorization/redirection.ts'
import { validateAuthorizationRequest } from '../../authorization/request.ts'
import type { Form } from '../../base/form.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { Client } from '../../client/client.ts'
import { demand, termsOf } from '../../client/terms.ts'
import { authorizationRequest } from '../../protocol/authorization-request.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readParameters } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { postedDecision } from './decision.ts'
import { proceed } from './proceed.ts'
import { postedAgain } from './remote-consent.ts'
import { withRedirection } from './send.ts'
import { speaking } from './speaking.ts'
import type { Visit } from './visit.ts'

const { redirect_uri, response_type, response_mode, state, ui_locales } = authorizationRequest
const decisive = { redirect_uri, response_type, response_mode, state, ui_locales } as const

/**
 * What of a request decides where its answer goes. Malformed, a type, a mode or languages count as absent here, which is
 * told to the client once its address is proven (RFC 6749 §4.1.2.1).
 */
export function redirectionParameters(form: Form): RedirectionParameters {
  const early = new Map<string, string>()
  for (const [name, row] of Object.entries(decisive)) {
    const text = form.get(name)
    if (text === undefined) continue
    if (!toldLater.has(name) || row.read(text) !== undefined) early.set(name, text)
  }
  return readParameters(decisive, early)
}

/**
 * A visit whose request stands in its URL (RFC 6749 §4.1.1). It has no record until it is answered:
 * anonymous visits store nothing.
 */
export async function unpushedVisit(visit: Visit): Promise<HttpResponse> {
  const asked = redirectionParameters(visit.form)
  return speaking(asked, () => visitAsked(visit, asked))
}

async function visitAsked(visit: Visit, asked: RedirectionParameters): Promise<HttpResponse> {
  const { realm, client, http, form } = visit
  const redirection = proveRedirection(realm, client, asked)
  const again = postedAgain(visit, redirection.redirect_uri, asked)
  if (again !== undefined) return again
  const subjectId = requestDigest(realm, http, client, form)
  const posted = postedDecision(visit, subjectId)
  const response = await withRedirection(realm, http, redirection, async () => {
    requireUnpushedAllowed(realm, client)
    const parameters = readParameters(authorizationRequest, withoutDecision(form))
    const request = await validateAuthorizationRequest(realm, client, parameters, redirection)
    const opened = readInteraction(realm, http, subjectId)
    const heldInteraction = opened !== undefined && isCurrent(realm, opened) ? opened : undefined
    return proceed({
      visit,
      request,
      redirection,
      subjectId,
      live: [],
      posted,
      opened: heldInteraction,
      interaction: heldInteraction ?? newInteraction(realm, visit.session?.sid ?? ''),
      found: undefined,
      markOpened: async () => true,
    })
  })
  if (response === undefined) throw new Error('an unpushed request cannot lose a race')
  return response
}

const toldLater: ReadonlySet<string> = new Set(['response_type', 'response_mode', 'ui_locales'])

/** RFC 9126 §4, §5, §6. */
export function requireUnpushedAllowed(realm: Realm, client: Client): void {
  demand(
    termsOf(realm, client),
    'require_pushed',
    ({ require_pushed }) => require_pushed,
    () =>
      new OAuthError('invalid_request', 'The request must be pushed: request_uri is missing.', {
        why: 'push-required',
      }),
  )
}

/** C-6: decisions are read from a POST body only, never as request parameters of the URL. */
function withoutDecision(form: Form): Form {
  return new Map([...form].filter(([name]) => !decisionParameters.has(name)))
}
