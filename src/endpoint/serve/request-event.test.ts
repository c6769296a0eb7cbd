import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { codeFor, person, slimUrl, tokenRequest } from '../../../test/flow.ts'
import {
  base,
  basic,
  bodyOf,
  callback,
  origin,
  pushed,
  pushForm,
  requestOf,
  verifier,
  world,
} from '../../../test/world.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'

const w = await world()
const p = await person(w)
const sub = w.demo.sub
const authorization = basic()
const json = `${origin}/am/json/realms/root/realms/alpha`
const byProgram = { 'content-type': 'application/json', 'accept-api-version': 'resource=2.1' }
const session = { iplanetdirectorypro: p.session.token }
const client_id = 'myClient'

async function tokens(changes: Record<string, string> = {}): Promise<Record<string, string>> {
  const code = await codeFor(w, { scope: 'openid write', ...changes }, p)
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
  }
  return bodyOf(await tokenRequest(w, form)) as Record<string, string>
}

const { access_token = '', refresh_token = '', id_token = '' } = await tokens()
const cookie = `iPlanetDirectoryPro=${p.session.token}`
const bearer = { authorization: `Bearer ${access_token}` }

/** What one request is told as, beside address and time. */
interface Told {
  readonly endpoint: string
  readonly status: number
  readonly client_id?: string
  readonly sub?: string
  readonly error?: string
}

const post = (path: string, form: Record<string, string>, headers = {}): HttpRequest =>
  requestOf('POST', `${base}${path}`, { form, headers: { authorization, ...headers } })

const table: readonly [what: string, ask: () => HttpRequest | Promise<HttpRequest>, told: Told][] =
  [
    ['a push', () => post('/par', pushForm()), { endpoint: '/par', status: 201, client_id }],
    [
      'a push that is refused',
      () => post('/par', pushForm({ scope: 'nothing' })),
      { endpoint: '/par', status: 400, client_id, error: 'invalid_scope' },
    ],
    [
      'a push by nobody',
      () => post('/par', pushForm(), { authorization: basic('nobody') }),
      { endpoint: '/par', status: 401, error: 'invalid_client' },
    ],
    [
      'a client without its secret is named all the same',
      () => post('/par', pushForm(), { authorization: basic(client_id, 'wrong') }),
      { endpoint: '/par', status: 401, client_id, error: 'invalid_client' },
    ],
    [
      'a reference in a browser without a session',
      async () => requestOf('GET', slimUrl(await pushed(w))),
      { endpoint: '/authorize', status: 302, client_id },
    ],
    [
      'a reference in a browser with one',
      async () => requestOf('GET', slimUrl(await pushed(w)), { cookie }),
      { endpoint: '/authorize', status: 200, client_id, sub },
    ],
    [
      'a request in a URL',
      () =>
        requestOf('GET', `${base}/authorize?${new URLSearchParams({ client_id, ...pushForm() })}`),
      { endpoint: '/authorize', status: 302, client_id },
    ],
    [
      'a reference that leads nowhere',
      () => requestOf('GET', slimUrl('urn:ietf:params:oauth:request_uri:x'), { cookie }),
      { endpoint: '/authorize', status: 400, client_id, sub, error: 'invalid_request_uri' },
    ],
    [
      'a request object in a URL that is none',
      () => requestOf('GET', `${base}/authorize?client_id=${client_id}&request=x`),
      { endpoint: '/authorize', status: 400, client_id, error: 'invalid_request_object' },
    ],
    [
      'a code',
      async () =>
        post('/access_token', {
          grant_type: 'authorization_code',
          code: await codeFor(w, {}, p),
          redirect_uri: callback,
          code_verifier: verifier,
        }),
      { endpoint: '/access_token', status: 200, client_id, sub },
    ],
    [
      'a refresh token',
      () => post('/access_token', { grant_type: 'refresh_token', refresh_token }),
      { endpoint: '/access_token', status: 200, client_id, sub },
    ],
    [
      'a client for itself is no user',
      () => post('/access_token', { grant_type: 'client_credentials', scope: 'write' }),
      { endpoint: '/access_token', status: 200, client_id },
    ],
    [
      'introspection',
      () => post('/introspect', { token: access_token }),
      { endpoint: '/introspect', status: 200, client_id },
    ],
    [
      'userinfo',
      () => requestOf('GET', `${base}/userinfo`, { headers: bearer }),
      { endpoint: '/userinfo', status: 200, client_id, sub },
    ],
    [
      'tokeninfo',
      () => requestOf('GET', `${base}/tokeninfo`, { headers: bearer }),
      { endpoint: '/tokeninfo', status: 200, client_id, sub },
    ],
    [
      'a token that is none',
      () => requestOf('GET', `${base}/userinfo`, { headers: { authorization: 'Bearer x' } }),
      { endpoint: '/userinfo', status: 401, error: 'invalid_token' },
    ],
    [
      'a login',
      () =>
        requestOf('POST', `${json}/authenticate`, {
          headers: { ...byProgram, 'x-openam-username': 'demo', 'x-openam-password': 'Ch4ng31t' },
        }),
      { endpoint: '/authenticate', status: 200, sub },
    ],
    [
      'a login that leaves no session',
      () =>
        requestOf('POST', `${json}/authenticate?noSession=true`, {
          headers: { ...byProgram, 'x-openam-username': 'demo', 'x-openam-password': 'Ch4ng31t' },
        }),
      { endpoint: '/authenticate', status: 200, sub },
    ],
    [
      'a login that fails',
      () =>
        requestOf('POST', `${json}/authenticate`, {
          headers: { ...byProgram, 'x-openam-username': 'demo', 'x-openam-password': 'wrong' },
        }),
      { endpoint: '/authenticate', status: 401 },
    ],
    [
      'who asks for what only administrators may',
      () => requestOf('GET', `${json}/users?_queryFilter=true`, { headers: session }),
      { endpoint: '/users', status: 403, sub },
    ],
    [
      'who asks for themselves',
      () =>
        requestOf('POST', `${json}/users?_action=idFromSession`, {
          headers: { ...session, ...byProgram },
          body: '{}',
        }),
      { endpoint: '/users', status: 200, sub },
    ],
    [
      'the account page',
      () => requestOf('GET', `${origin}/am/XUI/account?realm=/alpha`, { cookie }),
      { endpoint: '/XUI/account', status: 200, sub },
    ],
    [
      'a session by its token',
      () =>
        requestOf('POST', `${json}/sessions?_action=validate`, {
          headers: { ...session, ...byProgram },
          body: '{}',
        }),
      { endpoint: '/sessions', status: 200, sub },
    ],
    [
      'a logout by an ID token',
      () => requestOf('GET', `${base}/connect/endSession?id_token_hint=${id_token}`),
      { endpoint: '/connect/endSession', status: 204, client_id, sub },
    ],
  ]

/** Endpoints whose refusals each have a row of reasons. */
const explained = new Set(['/par', '/authorize', '/access_token'])

for (const [what, ask, told] of table) {
  test(`house: the one line of a request says who asked for what: ${what}`, async () => {
    const http = await ask()
    const { events } = await withEvents<HttpResponse>(() => w.serve(http))
    const outcomes = events.filter(({ name }) => name === 'request')
    assert.equal(outcomes.length, 1)
    const { ms, reason, why, differs: _, bytes, ...fields } = outcomes[0]?.fields ?? {}
    assert.ok(typeof ms === 'number' && ms >= 0)
    const stored = told.endpoint === '/par' && told.status === 201
    assert.equal(typeof bytes, stored ? 'number' : 'undefined')
    assert.equal(typeof reason, told.error === undefined ? 'undefined' : 'string')
    const named = told.error !== undefined && explained.has(told.endpoint)
    assert.equal(typeof why, named ? 'string' : 'undefined')
    const none = { client_id: undefined, sub: undefined, error: undefined }
    const where = { realm: '/alpha', method: http.method, peer: '127.0.0.1' }
    assert.deepEqual(fields, { ...none, ...where, ...told })
    for (const { trace } of events) assert.equal(trace, http.trace)
  })
}
