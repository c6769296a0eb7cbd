import type { RedirectionEndpoint } from '../../authorization/redirection.ts'
import type { AuthorizationResponse } from '../../authorization/respond.ts'
import { carried, errorResponse } from '../../authorization/respond.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, htmlPage, redirect } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import { frameOf } from '../../page/brand.ts'
import { formPostPage, formPostScript } from '../../page/form-post.ts'
import { pageHeaders } from '../../page/headers.ts'
import { chooseMessages } from '../../page/messages/index.ts'
import { OAuthError, refusalOf } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'

/** Sends an authorization response in the client's response mode. */
export function send(
  realm: Realm,
  http: HttpRequest,
  response: AuthorizationResponse,
): HttpResponse {
  const { redirection } = response
  const answer = carried(response)
  if ('location' in answer) {
    const status = http.method === 'POST' ? redirection.terms.post_redirect : 302
    return redirect(status, answer.location)
  }
  const { action, values } = answer
  const messages = chooseMessages([], header(http, 'accept-language'))
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
    // What concerns the user's own browser (a dead reference, too many tries) is shown to the user.
    if (!(error instanceof OAuthError) || userOnly.has(error.code)) throw error
    return sendRefusal(realm, http, redirection, error)
  }
}

/** Tells the client, in its response mode, that it gets nothing. */
export function sendRefusal(
  realm: Realm,
  http: HttpRequest,
  redirection: RedirectionEndpoint,
  error: OAuthError,
): HttpResponse {
  http.trace.refusal = refusalOf(error)
  event('authorization.refused', {
    realm: realm.path,
    client_id: redirection.client_id,
    error: error.code,
    reason: error.detail.reason ?? error.description,
  })
  return send(realm, http, errorResponse(redirection, error))
}

const userOnly: ReadonlySet<string> = new Set([
  'invalid_request_uri',
  'invalid_resource_uri',
  'too_many_requests',
])

/** A link of an error page back to the client (C-2c): the registered URI with the error in its query. */
export function backLink(
  redirect_uri: string,
  code: string,
  state: string | undefined,
  issuer: string,
): string {
  const encoded = encodeForm([
    ['error', code],
    ['state', state],
    ['iss', issuer],
  ])
  return `${redirect_uri}${redirect_uri.includes('?') ? '&' : '?'}${encoded}`
}
