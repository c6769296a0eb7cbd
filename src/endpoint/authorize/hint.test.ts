import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, locationOf } from '../../../test/browser.ts'
import { withEvents } from '../../../test/events.ts'
import {
  answerConsent,
  answerOf,
  authorizeUrl,
  claimsOf,
  codeOf,
  decideByRest,
  isConsentPage,
  isLogin,
  logInAndReturn,
  person,
  redeem,
  refusedWith,
  slimUrl,
  tokensFor,
} from '../../../test/flow.ts'
import { register } from '../../../test/register.ts'
import { base, bodyOf, push, pushed, pushForm, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()

test('PingAM: login_hint fills in the name; it stands in no URL and no cookie (C-33)', async () => {
  const hint = 'demo@hint-of-a-name.example'
  const b = browser(w)
  const detour = await b.get(
    slimUrl(await pushed(w, { login_hint: hint, state: 'state!of!its!own' })),
  )
  assert.ok(isLogin(detour))
  const page = await b.get(locationOf(detour).href)
  assert.match(String(page.body), new RegExp(`value="${hint}"`))
  const sent = JSON.stringify([detour.headers, page.headers])
  assert.doesNotMatch(sent, /hint-of-a-name|state(!|%21)of/)
  const goto = new URL(locationOf(detour).searchParams.get('goto') ?? '')
  assert.deepEqual([...goto.searchParams.keys()], ['client_id', 'request_uri'])
})

test('P-1 no pushed value is in a cookie, URL, header or event before the final redirect', async () => {
  const marks = {
    state: 'mark-state',
    nonce: 'mark-nonce',
    login_hint: 'mark-login-hint',
    claims: '{"id_token":{"mark-claims":null}}',
    ui_locales: 'mark-locale',
  }
  const b = browser(w)
  const { value, events } = await withEvents(async () => {
    const detour = await b.get(slimUrl(await pushed(w, { ...marks, scope: 'openid' })))
    const page = await b.get(locationOf(detour).href)
    return [detour, page, await logInAndReturn(b, detour)] as const
  })
  const consent = value[2]
  assert.ok(isConsentPage(consent))
  for (const { headers } of value) assert.doesNotMatch(JSON.stringify(headers), /mark-/)
  assert.doesNotMatch(JSON.stringify([...b.cookies]), /mark-/)
  assert.doesNotMatch(String(consent.body), /mark-/)
  assert.ok(events.length > 0)
  assert.doesNotMatch(JSON.stringify(events), /mark-/)
})

test('PingAM: login_hint, not pushed, fills in the name too', async () => {
  const b = browser(w)
  const url = authorizeUrl({ client_id: 'myClient', ...pushForm({ login_hint: 'someone' }) })
  const page = await b.get(locationOf(await b.get(url)).href)
  assert.match(String(page.body), /value="someone"/)
})

test('OIDC Core §3.1.2.1 ui_locales: login and consent pages in German, by the record alone', async () => {
  for (const ui_locales of ['de', 'xx de-AT en']) {
    const b = browser(w)
    const detour = await b.get(slimUrl(await pushed(w, { ui_locales })))
    assert.match(String((await b.get(locationOf(detour).href)).body), /<html lang="de">/)
    const consent = await logInAndReturn(b, detour)
    assert.match(String(consent.body), /<html lang="de">/)
    assert.match(String(consent.body), /Ihre Notizen ändern/)
  }
})

/** A push in German, as the browser of whoever is asked meets it. */
async function asked(more: object = {}) {
  const b = await person(w)
  const url = slimUrl(await pushed(w, { ui_locales: 'de', prompt: 'consent', ...more }))
  return { b, url, page: await b.get(url) }
}

const isGerman = ({ body }: HttpResponse) => assert.match(String(body), /<html lang="de">/)

test('OIDC Core §3.1.2.1 ui_locales: a page that posts itself speaks them, of a push as of a URL', async () => {
  const response_mode = 'form_post'
  const { b, page } = await asked({ response_mode })
  const sent = await answerConsent(b, page, 'allow')
  assert.match(String(sent.body), /name="code"/)
  isGerman(sent)
  const form = pushForm({ ui_locales: 'de', prompt: 'none', response_mode })
  const refused = await browser(w).get(authorizeUrl({ client_id: 'myClient', ...form }))
  assert.match(String(refused.body), /name="error"/)
  isGerman(refused)
})

test('OIDC Core §3.1.2.1 ui_locales: what goes wrong on the way of a request is told in its language', async () => {
  const { b, url, page } = await asked()
  const [wrong, elsewhere] = [
    await answerConsent(b, page, 'allow', { csrf: 'x' }),
    await browser(w).get(url),
  ]
  assert.deepEqual([wrong.status, elsewhere.status], [400, 400])
  for (const told of [wrong, elsewhere]) isGerman(told)
  const form = pushForm({ ui_locales: 'de', prompt: 'consent' })
  const unpushed = await b.get(authorizeUrl({ client_id: 'myClient', ...form }))
  assert.ok(isConsentPage(unpushed))
  const unproven = await answerConsent(b, unpushed, 'allow', { csrf: 'x' })
  assert.equal(unproven.status, 400)
  isGerman(unproven)
})

test('OIDC-14 locales nobody speaks are no error; the browser chooses then', async () => {
  const p = await person(w)
  const url = slimUrl(await pushed(w, { ui_locales: 'tlh x-!!' }))
  const page = await p.get(url, { 'accept-language': 'de-DE,de;q=0.9' })
  assert.match(String(page.body), /<html lang="de">/)
  assert.match(String((await p.get(url)).body), /<html lang="en">/)
})

test('PingAM: service names the journey of the login, and only one the realm has', async () => {
  const detour = await browser(w).get(slimUrl(await pushed(w, { service: 'Password' })))
  const query = locationOf(detour).searchParams
  assert.deepEqual([...query.keys()], ['realm', 'service', 'goto'])
  assert.equal(query.get('service'), 'Password')
  const unknown = await push(w, pushForm({ service: 'NoSuchJourney' }))
  refusedWith(unknown, 'invalid_request', 'Invalid parameter service')
  const inUrl = await (await person(w)).get(
    authorizeUrl({ client_id: 'myClient', ...pushForm({ service: 'constructor' }) }),
  )
  assert.equal(answerOf(inUrl).get('error'), 'invalid_request')
})

test('PingAM: treeName of a client is the journey of all its logins, and needs no second login', async () => {
  await register(w, 'tree', {
    core: { redirectionUris: ['https://rp.example/cb'] },
    advanced: { treeName: 'Password', isConsentImplied: true },
  })
  const b = browser(w)
  const form = pushForm({ redirect_uri: 'https://rp.example/cb', service: 'Login' })
  const detour = await b.get(authorizeUrl({ client_id: 'tree', ...form }))
  assert.equal(locationOf(detour).searchParams.get('service'), 'Password')
  assert.ok(codeOf(await logInAndReturn(b, detour)) !== '')
})

test('OIDC-13 id_token_hint: expired is fine, another client’s or a forged one is not', async () => {
  const openid = { scope: 'openid', nonce: 'n' }
  const { id_token, access_token } = await tokensFor(w, openid)
  w.clock.now += 7200
  const p = await person(w)
  const done = await decideByRest(p, await pushed(w, { id_token_hint: String(id_token) }))
  assert.ok(codeOf(done) !== '')
  const bad = [String(id_token).slice(0, -4), String(access_token), 'x', 'a.b.c']
  for (const id_token_hint of bad) {
    const refused = await push(w, pushForm({ id_token_hint }))
    refusedWith(refused, 'invalid_request', 'Invalid parameter id_token_hint')
  }
  const form = pushForm({ client_id: 'myPublicClient', id_token_hint: String(id_token) })
  refusedWith(await push(w, form), 'invalid_request', 'Invalid parameter id_token_hint')
})

test('PingAM: id_token_hint with prompt=none and response_type=none is the session check', async () => {
  const { id_token } = await tokensFor(w, { scope: 'openid', nonce: 'n' })
  const check = {
    client_id: 'myClient',
    response_type: 'none',
    prompt: 'none',
    scope: 'openid',
    redirect_uri: 'https://www.example.com:443/callback',
    id_token_hint: String(id_token),
  }
  const alive = await (await person(w)).get(authorizeUrl(check))
  assert.equal(alive.status, 302)
  assert.equal(
    alive.headers.location,
    `https://www.example.com:443/callback?iss=${encodeURIComponent(base)}&client_id=myClient`,
  )
  const over = await browser(w).get(authorizeUrl(check))
  assert.equal(answerOf(over).get('error'), 'interaction_required')
})

test('OIDC-11 max_age: auth_time is the session’s, and the floor is minMaxAge in ping only', async () => {
  const p = await person(w)
  const auth_time = w.clock.now
  w.clock.now += 59
  const young = await decideByRest(p, await pushed(w, { scope: 'openid', max_age: '10' }))
  const { id_token } = bodyOf(await redeem(w, codeOf(young)))
  assert.equal(claimsOf(id_token).auth_time, auth_time)
  w.clock.now += 2
  assert.ok(isLogin(await p.get(slimUrl(await pushed(w, { max_age: '10' })))))
  const strict = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
  const q = await person(strict)
  strict.clock.now += 11
  assert.ok(isLogin(await q.get(slimUrl(await pushed(strict, { max_age: '10' })))))
})
