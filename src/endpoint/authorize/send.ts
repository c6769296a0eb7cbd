import type { RedirectionEndpoint } from '../../authorization/redirection.ts'
import { carried, errorParameters } from '../../authorization/respond.ts'
import { isJwtMode } from '../../authorization/response-mode/index.ts'
import type { Carried } from '../../authorization/response-mode/response-mode.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, htmlPage, redirect } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import { frameOf } from '../../page/brand.ts'
import { formPostPage, formPostScript } from '../../page/form-post.ts'
import { pageHeaders } from '../../page/headers.ts'
import { chooseMessages } from '../../page/messages/index.ts'
import { goesOnHere, OAuthError, refusalOf } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'

/** Sends an authorization response in the client's response mode. */
export function send(
  realm: Realm,
  http: HttpRequest,
  redirection: RedirectionEndpoint,
  answer: Carried,
): HttpResponse {
  if ('location' in answer) {
    const status = http.method === 'POST' ? redirection.terms.post_redirect : 302
    return redirect(status, answer.location)
  }
  const { action, values } = answer
  const locales = redirection.ui_locales?.split(' ')
  const messages = chooseMessages(locales, header(http, 'accept-language'))
  const frame = frameOf(realm, messages)
  const headers = pageHeaders({ redirect_uri: action, script: formPostScript, ...frame })
  return htmlPage(200, formPostPage({ ...frame, action, values }), headers)
}

/** From here on errors travel to the client: runs `act`, and sends what it throws in the response mode. */
export async function withRedirection(
  realm: Realm,
  http: HttpRequest,
  redirection: RedirectionEndpoint,
  act: () => Ready<HttpResponse | undefined>,
): Promise<HttpResponse | undefined> {
  try {
    return await act()
  } catch (error) {
    // What concerns the user's own browser (a dead reference, too many tries, an answer that is not proven to
    // be the user's) is shown to the user.
    if (!(error instanceof OAuthError) || userOnly.has(error.code)) throw error
    if (goesOnHere(error.detail.fate)) throw error
    return sendRefusal(realm, http, redirection, error)
  }
}

/** A refusal that the client is to be told, made before anything else is done. */
export interface MadeRefusal {
  readonly redirection: RedirectionEndpoint
  readonly error: OAuthError
  readonly answer: Carried
}

/** Makes a refusal in the client's response mode. */
export async function makeRefusal(
  realm: Realm,
  redirection: RedirectionEndpoint,
  error: OAuthError,
): Promise<MadeRefusal> {
  const answer = await carried(realm, redirection, errorParameters(redirection, error))
  return { redirection, error, answer }
}

/** Tells the client, in its response mode, that it gets nothing. */
export async function sendRefusal(
  realm: Realm,
  http: HttpRequest,
  redirection: RedirectionEndpoint,
  error: OAuthError,
): Promise<HttpResponse> {
  return sendMade(realm, http, await makeRefusal(realm, redirection, error))
}

/** Sends a refusal that was made. */
export function sendMade(
  realm: Realm,
  http: HttpRequest,
  { redirection, error, answer }: MadeRefusal,
): HttpResponse {
  http.trace.refusal = refusalOf(error)
  event('authorization.refused', {
    realm: realm.path,
    client_id: redirection.client.client_id,
    error: error.code,
    reason: error.detail.reason ?? error.description,
  })
  return send(realm, http, redirection, answer)
}

const userOnly: ReadonlySet<string> = new Set([
  'invalid_request_uri',
  'invalid_resource_uri',
  'too_many_requests',
])

/**
 * A link of an error page back to the client (C-2c): the registered URI with the error in its query, or in a
 * JWT where the client is answered in one.
 */
export async function backLink(
  realm: Realm,
  redirection: RedirectionEndpoint,
  code: string,
): Promise<string> {
  const { redirect_uri, response_mode, state, issuer } = redirection
  const said = [
    ['error', code],
    ['state', state],
    ['iss', issuer],
  ] as const
  if (isJwtMode(response_mode)) {
    const answer = await carried(realm, redirection, said)
    if ('location' in answer) return answer.location
  }
  return `${redirect_uri}${redirect_uri.includes('?') ? '&' : '?'}${encodeForm(said)}`
}
