import { encodeForm } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, redirect } from '../../base/http.ts'
import { chooseMessages } from '../../page/messages/index.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readForm, readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { currentSession } from '../../session/cookie.ts'
import { isSessionCsrf } from '../../session/csrf.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { accountUrl } from './address.ts'
import { changes } from './change.ts'
import type { Caller } from './view.ts'
import { noticeDone, pageUrl, proofDone, showAccount } from './view.ts'

/**
 * A person’s own page: password, sessions, allowed applications. Whoever has no session logs in first.
 * Every change is a POST that proves to be of this session’s page, and ends in a GET of it.
 */
export const account: Endpoint = {
  path: '/XUI/account',
  under: 'am',
  methods: ['GET', 'POST'],
  errors: 'page',
  cors: false,

  async handle(realm, http) {
    const session = await currentSession(realm, http)
    const ui_locales = readQuery(http).get('ui_locales')
    const messages = chooseMessages(ui_locales?.split(' '), header(http, 'accept-language'))
    if (session === undefined) return toLogin(realm, http, ui_locales && messages.lang)
    const caller = { realm, http, session, messages }
    return http.method === 'POST' ? change(caller) : showAccount(caller, noticeDone(caller))
  },
}

async function change(caller: Caller): Promise<HttpResponse> {
  const { realm, http, session } = caller
  const form = readForm(http)
  const make = changes.get(form.get('change') ?? '')
  if (make === undefined || !isSessionCsrf(realm, session, 'account', form.get('csrf'))) {
    throw new OAuthError('bad_request', "The change is not proven to be the user's own.", {
      parameter: make === undefined ? 'change' : 'csrf',
      fate: 'session',
      back: pageUrl(caller),
    })
  }
  const made = await make(caller, form)
  if (!('session' in made)) return showAccount(caller, { name: made.notice, failed: true }, made)
  const done = proofDone(caller, made.session, made.notice)
  return redirect(303, pageUrl(caller, done), made.headers)
}

/** `lang`: the language that was asked for, on the way there and back. */
function toLogin(realm: Realm, http: HttpRequest, lang: string | undefined): HttpResponse {
  const query = encodeForm([
    ['realm', realm.path],
    ['goto', accountUrl(realm, { ui_locales: lang })],
    ['locale', lang],
  ])
  return redirect(http.method === 'POST' ? 303 : 302, `${realm.url}/XUI/?${query}`)
}
