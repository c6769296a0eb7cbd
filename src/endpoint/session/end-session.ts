import type { Form } from '../../base/form.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, htmlPage, redirect, withHeaders } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Client } from '../../client/client.ts'
import { findClient } from '../../client/client.ts'
import { termsOffered } from '../../client/terms.ts'
import { forgottenProofs } from '../../journey/cookie/logout.ts'
import { frameOf } from '../../page/brand.ts'
import { clientView } from '../../page/client-view.ts'
import { pageHeaders } from '../../page/headers.ts'
import { loggedOutPage, logoutPage } from '../../page/logout.ts'
import { chooseMessages } from '../../page/messages/index.ts'
import { signedInPage } from '../../page/signed-in.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readForm, readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { currentSession, expiredCookies } from '../../session/cookie.ts'
import { isSessionCsrf, sessionCsrf } from '../../session/csrf.ts'
import type { Session } from '../../session/session.ts'
import { endSession, sessionOfSid } from '../../session/session.ts'
import { readIdToken } from '../../token/id-token.ts'
import { wasTheirs, wasToldAs } from '../../token/told/subject.ts'
import { accountUrl } from '../account/address.ts'
import { formTarget } from '../authorize/visit.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { notYouAt } from './not-you.ts'

/** What a logout request says, proven as far as it can be. */
interface Logout {
  readonly realm: Realm
  readonly http: HttpRequest
  readonly form: Form
  /** The client of the hint, or the one named. */
  readonly client: Client | undefined
  /** Whose session it was, and its public id, as the hint has it, and the second in which that was signed. */
  readonly hint: { readonly sub: string; readonly sid: string; readonly iat: number } | undefined
}

/** RP-initiated logout, OIDC RP-Initiated Logout §2 (PingAM: connect-endSession). */
export const endSessionEndpoint: Endpoint = {
  path: '/connect/endSession',
  under: 'oauth2',
  methods: ['GET', 'POST'],
  errors: 'page',
  cors: true,
  always: true,
  metadata: (url) => ({ end_session_endpoint: url }),

  async handle(realm, http) {
    const logout = await readLogout(realm, http)
    const target = returnAddress(logout)
    const own = await currentSession(realm, http)
    if (logout.hint !== undefined) return endHinted(logout, logout.hint, target, own)
    if (own === undefined) return loggedOut(logout, target, [])
    const answer = logout.form.get('logout')
    if (answer === undefined) return confirm(logout, own)
    if (!isSessionCsrf(realm, own, 'logout', logout.form.get('csrf'))) {
      const code = termsOffered(realm).error_names === 'ping' ? 'bad_request' : 'invalid_request'
      throw new OAuthError(code, "The logout is not proven to be the user's own.", {
        parameter: 'csrf',
      })
    }
    if (answer !== 'yes') return stillLoggedIn(logout, own)
    const forgotten = await forgottenProofs(realm, http, (sub) => sub === own.sub)
    await endSession(realm, own)
    return loggedOut(logout, target, [...expiredCookies(realm, http), ...forgotten])
  },
}

async function readLogout(realm: Realm, http: HttpRequest): Promise<Logout> {
  const form = http.method === 'POST' ? readForm(http) : readQuery(http)
  const hint = form.get('id_token_hint')
  const claims = hint === undefined ? undefined : await readIdToken(realm, hint)
  if (hint !== undefined && claims === undefined) {
    throw new OAuthError('invalid_request', 'Invalid parameter id_token_hint', {
      parameter: 'id_token_hint',
    })
  }
  const hinted = claims === undefined ? undefined : member(claims, 'azp')
  const named = form.get('client_id')
  if (named !== undefined && hinted !== undefined && named !== hinted) {
    throw new OAuthError('invalid_request', 'Invalid parameter client_id', {
      parameter: 'client_id',
    })
  }
  const id = typeof hinted === 'string' ? hinted : named
  const client = id === undefined ? undefined : await findClient(realm, id)
  http.trace.client = client?.client_id
  return { realm, http, form, client, hint: claims === undefined ? undefined : hintOf(claims) }
}

function hintOf(claims: JsonObject): Logout['hint'] {
  const sub = member(claims, 'sub')
  const [sid, iat] = [member(claims, 'sid'), member(claims, 'iat')]
  if (typeof sub !== 'string' || typeof sid !== 'string') return undefined
  return { sub, sid, iat: typeof iat === 'number' ? iat : 0 }
}

/** only an address the client registered, compared as text. */
function returnAddress({ form, client }: Logout): string | undefined {
  const uri = form.get('post_logout_redirect_uri')
  if (uri === undefined) return undefined
  if (client === undefined) throw nobodysAddress(form)
  if (client.status !== 'Active' || !client.post_logout_redirect_uris.includes(uri)) {
    throw new OAuthError('invalid_request', 'The post_logout_redirect_uri is not registered.', {
      parameter: 'post_logout_redirect_uri',
      fate: 'address',
    })
  }
  const state = encodeForm([['state', form.get('state')]])
  return state === '' ? uri : `${uri}${uri.includes('?') ? '&' : '?'}${state}`
}

/** Whether an address is registered is told of a client's own; here it is not known whose it is. */
function nobodysAddress(form: Form): OAuthError {
  const named = form.has('client_id') || form.has('id_token_hint')
  const says = named
    ? 'The client whose post_logout_redirect_uri this is to be is not known.'
    : 'A post_logout_redirect_uri needs an id_token_hint or a client_id, and there is neither.'
  return new OAuthError('invalid_request', says, {
    parameter: named ? 'client_id' : 'id_token_hint',
  })
}

/**
 * The hint is the proof; the browser may have no cookie any more. A session the same user has here by
 * now (after a step-up, say) ends with it; somebody else's stays, and a page says whose.
 */
async function endHinted(
  logout: Logout,
  { sub, sid, iat }: Exclude<Logout['hint'], undefined>,
  target: string | undefined,
  own: Session | undefined,
): Promise<HttpResponse> {
  const { realm, http, client } = logout
  const hinted = own?.sid === sid ? own : await sessionOfSid(realm, sid)
  http.trace.user = hinted?.sub ?? sub
  // The hint has the name that its client had for the user.
  const isTheirs = async (one: string): Promise<boolean> =>
    (one === hinted?.sub || (await wasToldAs(realm, client, sub, one))) &&
    wasTheirs(realm, one, iat)
  const forgotten = await forgottenProofs(realm, http, isTheirs)
  if (hinted !== undefined) await endSession(realm, hinted)
  const mine = own !== undefined && (own.sid === sid || (await isTheirs(own.sub)))
  if (mine && own !== hinted) await endSession(realm, own)
  const others = own !== undefined && !mine
  if (others && target === undefined && wantsPage(http))
    return withHeaders(stillLoggedIn(logout, own), { 'set-cookie': forgotten })
  return loggedOut(logout, target, [...(mine ? expiredCookies(realm, http) : []), ...forgotten])
}

/** Somebody stays who is logged in here: an application that is told nothing believes nothing wrong. */
function stillLoggedIn({ realm, http, form }: Logout, own: Session): HttpResponse {
  const frame = frameOf(realm, messagesOf(http, form))
  const notYou = notYouAt(realm, own, undefined)
  const body = signedInPage({
    ...frame,
    userName: own.username,
    notYou,
    account: accountUrl(realm, { ui_locales: form.get('ui_locales') }),
  })
  return htmlPage(200, body, pageHeaders(frame))
}

function loggedOut(
  { realm, http, form }: Logout,
  target: string | undefined,
  expired: readonly string[],
): HttpResponse {
  const cookies = expired.length > 0 ? { 'set-cookie': expired } : {}
  if (target !== undefined) return redirect(http.method === 'POST' ? 303 : 302, target, cookies)
  if (!wantsPage(http)) return { status: 204, headers: cookies, body: '' }
  const frame = frameOf(realm, messagesOf(http, form))
  return htmlPage(200, loggedOutPage(frame), { ...pageHeaders(frame), ...cookies })
}

function wantsPage(http: HttpRequest): boolean {
  return (header(http, 'accept') ?? '').includes('text/html')
}

function confirm({ realm, http, form, client }: Logout, own: Session): HttpResponse {
  const messages = messagesOf(http, form)
  const kept = [...form].filter(([name]) => name !== 'csrf' && name !== 'logout')
  const frame = frameOf(realm, messages)
  const page = logoutPage({
    ...frame,
    action: formTarget(http),
    hidden: [...kept, ['csrf', sessionCsrf(realm, own, 'logout')]],
    client: client === undefined ? undefined : clientView(client, messages.lang),
  })
  const target = form.get('post_logout_redirect_uri')
  return htmlPage(200, page, pageHeaders({ redirect_uri: target, ...frame }))
}

function messagesOf(http: HttpRequest, form: Form): ReturnType<typeof chooseMessages> {
  return chooseMessages(form.get('ui_locales')?.split(' ') ?? [], header(http, 'accept-language'))
}
