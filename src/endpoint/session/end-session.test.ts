import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionOf, browser, fieldsOf, locationOf } from '../../../test/browser.ts'
import type { Changes, Person } from '../../../test/flow.ts'
import { account, person, refusedWith, tokensFor } from '../../../test/flow.ts'
import { elements, visibleText } from '../../../test/html-tree.ts'
import { register } from '../../../test/register.ts'
import { base, bodyOf, origin, requestOf, world } from '../../../test/world.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const html = { accept: 'text/html' }
const json = { accept: 'application/json' }
const back = 'http://localhost:8080/demo'
await register(w, 'native', { openid: { postLogoutRedirectUri: ['com.example.app:/out'] } })

function url(parameters: Changes = {}, realmBase = base): string {
  return `${realmBase}/connect/endSession?${encodeForm(Object.entries(parameters))}`
}

async function hintOf(p: Person): Promise<string> {
  return String((await tokensFor(w, { scope: 'openid' }, p)).id_token)
}

async function alive({ session }: Person): Promise<boolean> {
  const response = await w.serve(
    requestOf('POST', `${origin}/am/json/realms/root/realms/alpha/sessions?_action=validate`, {
      headers: { 'accept-api-version': 'resource=4.0', 'content-type': 'application/json' },
      body: JSON.stringify({ tokenId: session.token }),
    }),
  )
  return bodyOf(response).valid === true
}

function loggedOut(response: HttpResponse): boolean {
  return String(response.body).includes('id="logged_out"')
}

test('PingAM: the hint alone, without a cookie, ends the session: 204', async () => {
  const p = await person(w)
  const response = await browser(w).get(url({ id_token_hint: await hintOf(p) }))
  assert.deepEqual([response.status, response.body], [204, ''])
  assert.equal(await alive(p), false)
})

test('PingAM: a bad bearer beside the hint is not looked at', async () => {
  const p = await person(w)
  const headers = { authorization: 'Bearer undefined' }
  const response = await browser(w).get(url({ id_token_hint: await hintOf(p) }), headers)
  assert.equal(response.status, 204)
  assert.equal(await alive(p), false)
})

test('OIDC RP-Initiated Logout §2 an expired hint counts, twice is fine, the cookie goes', async () => {
  const p = await person(w)
  const id_token_hint = await hintOf(p)
  w.clock.now += 3601
  await person(w, { at: p })
  const first = await p.get(url({ id_token_hint }))
  assert.equal(first.status, 204)
  assert.equal(p.cookies.has('iPlanetDirectoryPro'), false)
  assert.equal((await p.get(url({ id_token_hint }))).status, 204)
})

test('OIDC RP-Initiated Logout §2 a browser that wants a page gets one', async () => {
  const p = await person(w)
  const response = await p.get(url({ id_token_hint: await hintOf(p) }), html)
  assert.equal(response.status, 200)
  assert.ok(loggedOut(response))
})

test('PingAM: hint and registered post_logout_redirect_uri: there, with state', async () => {
  for (const [state, expected] of [
    [undefined, back],
    ['s &"', `${back}?state=s%20%26%22`],
  ]) {
    const p = await person(w)
    const more = { post_logout_redirect_uri: back, state }
    const response = await p.get(url({ id_token_hint: await hintOf(p), ...more }), html)
    assert.deepEqual([response.status, response.headers.location], [302, expected])
    assert.equal(await alive(p), false)
  }
  const p = await person(w)
  const form = { id_token_hint: await hintOf(p), post_logout_redirect_uri: back }
  assert.equal((await p.post(`${base}/connect/endSession`, form)).status, 303)
})

const evil = [
  'https://evil.example/',
  `${back}/`,
  `${back}?x`,
  'http://localhost:8080/DEMO',
  'http://localhost:8080@evil.example/demo',
  '//evil.example',
  '/\\evil.example',
  '/%09/evil.example',
  'https:evil.example',
  'javascript:alert(1)',
]
for (const uri of evil) {
  test(`R-6 post_logout_redirect_uri ${uri}: refused, nobody logged out`, async () => {
    const p = await person(w)
    const asked = { id_token_hint: await hintOf(p), post_logout_redirect_uri: uri }
    const refused = await p.get(url(asked), json)
    refusedWith(refused, 'invalid_request', 'The post_logout_redirect_uri is not registered.')
    assert.equal(refused.headers.location, undefined)
    assert.equal(await alive(p), true)
  })
}

test('R-6 without a hint or a client no address is anybody’s, and the page says that, not that it is unregistered', async () => {
  const p = await person(w)
  const rows: readonly (readonly [Changes, string, string])[] = [
    [
      {},
      'A post_logout_redirect_uri needs an id_token_hint or a client_id, and there is neither.',
      'a request that this server cannot accept',
    ],
    [
      { client_id: 'nobody' },
      'The client whose post_logout_redirect_uri this is to be is not known.',
      'a request that this server cannot accept',
    ],
    [
      { client_id: 'native' },
      'The post_logout_redirect_uri is not registered.',
      'an address it has not registered',
    ],
  ]
  for (const [named, details, text] of rows) {
    const asked = url({ ...named, post_logout_redirect_uri: back })
    refusedWith(await p.get(asked, json), 'invalid_request', details)
    const page = visibleText(String((await p.get(asked, html)).body))
    assert.ok(page.includes(details) && page.includes(text), page)
  }
  assert.equal(await alive(p), true)
})

test('OIDC RP-Initiated Logout §2 hint and client_id must agree; the hint must be ours', async () => {
  const p = await person(w)
  const id_token_hint = await hintOf(p)
  refusedWith(await p.get(url({ id_token_hint, client_id: 'native' }), json), 'invalid_request')
  const { access_token } = await tokensFor(w, { scope: 'openid' }, p)
  for (const hint of ['x', 'a.b.c', `${id_token_hint}x`, String(access_token)])
    refusedWith(
      await p.get(url({ id_token_hint: hint }), json),
      'invalid_request',
      'Invalid parameter id_token_hint',
    )
  assert.equal(await alive(p), true)
})

test('OIDC RP-Initiated Logout §2 without a hint the user is asked; csrf is needed', async () => {
  const p = await person(w)
  const page = await p.get(
    url({ client_id: 'myClient', post_logout_redirect_uri: back, state: 's' }),
  )
  assert.equal(page.status, 200)
  assert.equal(await alive(p), true)
  assert.equal(elements(String(page.body), 'form').length, 1)
  const someone = fieldsOf(await (await person(w)).get(url())).csrf
  for (const csrf of [undefined, 'x', someone]) {
    const form = { ...fieldsOf(page), logout: 'yes', ...(csrf === undefined ? {} : { csrf }) }
    if (csrf === undefined) delete form.csrf
    refusedWith(await p.post(actionOf(page), form, json), 'bad_request')
  }
  assert.equal(await alive(p), true)
  const done = await p.post(actionOf(page), { ...fieldsOf(page), logout: 'yes' })
  assert.deepEqual([done.status, done.headers.location], [303, `${back}?state=s`])
  assert.equal(await alive(p), false)
  assert.equal(p.cookies.has('iPlanetDirectoryPro'), false)
})

test('OIDC RP-Initiated Logout §2 who stays is not told to be logged out, and sent nowhere', async () => {
  const p = await person(w)
  const page = await p.get(url({ client_id: 'myClient', post_logout_redirect_uri: back }))
  const stayed = await p.post(actionOf(page), { ...fieldsOf(page), logout: 'no' }, html)
  assert.deepEqual([stayed.status, stayed.headers.location], [200, undefined])
  assert.equal(loggedOut(stayed), false)
  assert.equal(await alive(p), true)
})

test('C-19 the question is asked and answered in the realm the query names', async () => {
  const p = await person(w)
  const page = await p.get(`${origin}/am/oauth2/connect/endSession?realm=/alpha`)
  const done = await p.post(actionOf(page), { ...fieldsOf(page), logout: 'yes' }, html)
  assert.ok(loggedOut(done))
  assert.equal(await alive(p), false)
})

test('C-30 the page’s policy lets the form go to where the answer leads, custom schemes too', async () => {
  const p = await person(w)
  const asked = { client_id: 'native', post_logout_redirect_uri: 'com.example.app:/out' }
  const page = await p.get(url(asked))
  assert.match(
    String(page.headers['content-security-policy']),
    /form-action 'self' https: com\.example\.app:(;|$)/,
  )
  const done = await p.post(actionOf(page), { ...fieldsOf(page), logout: 'yes' })
  assert.equal(done.headers.location, 'com.example.app:/out')
})

test('OIDC RP-Initiated Logout §2 a session the same user has by now ends with the hint, somebody else’s stays', async () => {
  const p = await person(w)
  const id_token_hint = await hintOf(p)
  const later = await person(w, { at: p })
  assert.equal((await later.get(url({ id_token_hint }))).status, 204)
  assert.deepEqual([await alive(p), await alive(later)], [false, false])
  assert.equal(later.cookies.has('iPlanetDirectoryPro'), false)
  const first = await person(w)
  const hint = await hintOf(first)
  const someone = await person(w, { at: first, user: await account(w, 'someone') })
  assert.equal((await someone.get(url({ id_token_hint: hint }))).status, 204)
  assert.deepEqual([await alive(first), await alive(someone)], [false, true])
  assert.equal(someone.cookies.has('iPlanetDirectoryPro'), true)
  const page = await someone.get(url({ id_token_hint: hint }), html)
  assert.equal(loggedOut(page), false)
  assert.match(visibleText(String(page.body)), /someone/)
})

test('OIDC RP-Initiated Logout §2 nobody logged in, nothing said: logged out', async () => {
  assert.ok(loggedOut(await browser(w).get(url(), html)))
  assert.equal((await browser(w).get(url())).status, 204)
  const sent = await browser(w).get(url({ client_id: 'myClient', post_logout_redirect_uri: back }))
  assert.equal(locationOf(sent).href, back)
})

test('C-28 an app of an allowed origin may read the answer', async () => {
  const app = 'https://app.example'
  const other = await world({ alpha: { parapetConfig: { corsOrigins: [app] } } })
  const response = await browser(other).get(url(), { origin: app })
  assert.equal(response.headers['access-control-allow-origin'], app)
  assert.equal(response.headers['access-control-allow-credentials'], 'true')
  assert.equal(response.headers.vary, 'Origin')
})
