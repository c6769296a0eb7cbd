/**
 * demo: a small relying party, and what a demonstration store begins with. A client like any other:
 * it knows the server's base address and its own registration, and speaks HTTP; it imports nothing
 * that decides about requests, grants or tokens.
 */
import { createSecretKey } from 'node:crypto'
import { utf8 } from '../base/bytes.ts'
import type { Form } from '../base/form.ts'
import { parseForm } from '../base/form.ts'
import { html } from '../base/html.ts'
import type { HttpRequest, HttpResponse } from '../base/http.ts'
import { redirect } from '../base/http.ts'
import type { Random } from '../base/random.ts'
import type { Endpoint } from '../endpoint/serve/endpoint.ts'
import { hiddenFields } from '../page/layout.ts'
import type { Realm } from '../realm/realm.ts'
import { pushCommand, redeemCommand } from './by-hand.ts'
import type { Finished } from './finish.ts'
import { finish } from './finish.ts'
import { currentFlow, flowCookie } from './flow.ts'
import { askHistory, pushOf } from './history/ask.ts'
import {
  byHandPage,
  firstPage,
  fragmentPage,
  historyPage,
  pageAnswer,
  resultPage,
  startPage,
  strayPage,
} from './pages.ts'
import type { Party } from './push.ts'
import { push } from './push.ts'
import { readChosen } from './request.ts'
import type { DemoCredentials } from './seed.ts'
import { knownCredentials } from './seed.ts'

export interface DemoSettings {
  /** Where this server is reached by browsers and by itself: `http://localhost:8080`. */
  readonly baseUrl: string
  /** For the key that seals the flow's cookie, made anew at every start. */
  readonly random: Random
  /** What its clients and its user prove themselves by; absent: what the documentation says. */
  readonly credentials?: DemoCredentials | undefined
}

/** The endpoints of the relying party at `/demo`, and of the page at `/`, in the place of the one that a server has. */
export function demoEndpoints({
  baseUrl,
  random,
  credentials = knownCredentials,
}: DemoSettings): readonly Endpoint[] {
  const key = createSecretKey(random(32))
  const party: Party = { baseUrl: new URL(baseUrl).origin, key, credentials }
  return [
    page('/demo', ['GET'], (realm, http) => start(party, realm, http)),
    page('/demo/push', ['POST'], (realm, http) =>
      push(party, realm, http, readChosen(bodyOf(http))),
    ),
    page('/demo/callback', ['GET', 'POST'], (realm, http) => callback(party, realm, http)),
    page('/demo/history', ['GET'], (realm, http) => soFar(party, realm, http)),
    page('/demo/fragment.js', ['GET'], () => fragmentScript),
    page('/', ['GET'], () =>
      pageAnswer(firstPage(party.baseUrl, pushCommand(party.baseUrl, credentials))),
    ),
  ]
}

function page(path: string, methods: Endpoint['methods'], handle: Endpoint['handle']): Endpoint {
  return { path, under: 'root', methods, errors: 'page', cors: false, handle }
}

/** Cookies and redirect URI belong to one origin: a visitor at another name of it moves there. */
function start(party: Party, realm: Realm, http: HttpRequest): HttpResponse {
  if (http.origin !== party.baseUrl) return redirect(302, `${party.baseUrl}/demo`)
  const flow = currentFlow(http, party.key, realm.now())
  return pageAnswer(startPage(party.credentials, flow !== undefined))
}

/** Which push it is, the flow's cookie says: no address does (C-33). */
async function soFar(party: Party, realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  const flow = currentFlow(http, party.key, realm.now())
  if (flow === undefined) return pageAnswer(strayPage())
  return pageAnswer(historyPage(await askHistory(realm.fetch, party, pushOf(flow))))
}

/** The redirection endpoint (RFC 6749 §3.1.2), in whichever response mode. */
async function callback(party: Party, realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  const response = responseOf(http)
  if (response === undefined) return pageAnswer(fragmentPage(), {}, "'self'")
  if (isByHand(response)) {
    return pageAnswer(
      byHandPage(response, redeemCommand(party.baseUrl, response, party.credentials)),
    )
  }
  const flow = currentFlow(http, party.key, realm.now())
  if (flow === undefined) return pageAnswer(strayPage())
  const finished = await finish(realm, party, flow, response)
  const history = await askHistory(realm.fetch, party, pushOf(flow))
  // A flow is used once: loading this page again must not send the code again.
  return pageAnswer(
    resultPage(finished.steps, history, logoutOf(party, flow.client_id, finished)),
    {
      'set-cookie': [flowCookie(http, '')],
    },
  )
}

/** Whatever this application pushes has a state, and so has every answer to it. */
function isByHand(response: Form): boolean {
  const answers = ['code', 'access_token', 'id_token', 'error']
  return !response.has('state') && answers.some((name) => response.has(name))
}

/** Undefined: the answer must be in the fragment, if anywhere. */
function responseOf(http: HttpRequest): Form | undefined {
  if (http.method !== 'POST') return http.query === '' ? undefined : formOf(http.query)
  const form = bodyOf(http)
  const fragment = form.get('fragment')
  return fragment === undefined ? form : formOf(fragment)
}

function bodyOf(http: HttpRequest): Form {
  return formOf(utf8(http.body) ?? '')
}

/** What cannot be read counts as nothing, and then a check says what is missing. */
function formOf(text: string): Form {
  const form = parseForm(text, { parameters: 50, bytes: 65_536 }, new Set())
  return 'problem' in form ? new Map() : form
}

/** OIDC RP-Initiated Logout §2. */
function logoutOf(party: Party, client_id: string, { id_token, end_session_endpoint }: Finished) {
  if (id_token === undefined || end_session_endpoint === undefined) return undefined
  const fields = hiddenFields([
    ['id_token_hint', id_token],
    ['client_id', client_id],
    ['post_logout_redirect_uri', `${party.baseUrl}/demo`],
  ])
  return { action: end_session_endpoint, fields: html`${fields}` }
}

/** Posts the fragment and takes it out of the address, where tokens do not belong. */
const fragmentScript: HttpResponse = {
  status: 200,
  headers: { 'content-type': 'text/javascript;charset=UTF-8', 'cache-control': 'no-cache' },
  body: `'use strict'
if (location.hash.length > 1) {
  document.getElementById('fragment').value = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
  document.getElementById('fragment_form').submit()
}
`,
}
