import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionOf, browser, fieldsOf, locationOf } from '../../../test/browser.ts'
import {
  answerConsent,
  answerOf,
  authorizeUrl,
  codeOf,
  isConsentPage,
  isLogin,
  logInAndReturn,
  person,
  redeem,
  refusedWith,
  slimUrl,
  withToken,
} from '../../../test/flow.ts'
import { base, bodyOf, callback, origin, pushed, pushForm, world } from '../../../test/world.ts'

const w = await world()
const json = { accept: 'application/json' }

test('PingAM: the demonstration by browser: push, login page, consent page, code, tokens', async () => {
  const b = browser(w)
  const request_uri = await pushed(w, { scope: 'openid write', state: 'abc123', nonce: 'n1' })
  // As in AM's example: the slim form with the usual parameters beside it.
  const first = await b.get(
    `${base}/authorize?client_id=myClient&response_type=code&request_uri=${request_uri}&scope=write&redirect_uri=${callback}&state=beside&nonce=beside`,
  )
  assert.equal(first.status, 302)
  const goto = encodeURIComponent(slimUrl(request_uri))
  assert.equal(first.headers.location, `${origin}/am/XUI/?realm=%2Falpha&goto=${goto}`)
  const page = await b.get(locationOf(first).href)
  assert.equal(page.status, 200)
  for (const id of ['username', 'password', 'login'])
    assert.match(String(page.body), new RegExp(`id="${id}"`))
  const wrong = await b.post(actionOf(page), {
    ...fieldsOf(page),
    IDToken1: 'demo',
    IDToken2: 'no',
  })
  assert.equal(wrong.status, 401)
  const back = await b.post(actionOf(wrong), {
    ...fieldsOf(wrong),
    IDToken1: 'demo',
    IDToken2: 'Ch4ng31t',
  })
  assert.equal(back.status, 303, String(back.body))
  assert.equal(back.headers.location, slimUrl(request_uri))
  const consent = await b.get(locationOf(back).href)
  assert.ok(isConsentPage(consent))
  for (const id of ['approve', 'deny', 'save_consent'])
    assert.match(String(consent.body), new RegExp(`id="${id}"`))
  const done = await answerConsent(b, consent)
  assert.equal(done.status, 302, String(done.body))
  assert.ok(String(done.headers.location).startsWith(`${callback}?code=`))
  assert.deepEqual([...answerOf(done).keys()], ['code', 'iss', 'state', 'client_id'])
  const tokens = bodyOf(await redeem(w, codeOf(done)))
  const info = await withToken(w, '/userinfo', tokens.access_token)
  assert.equal(bodyOf(info).sub, w.demo.sub)
  const kept = ['amlbcookie', 'iPlanetDirectoryPro', 'parapet-device']
  assert.deepEqual([...b.cookies.keys()].sort(), kept, 'nothing of the interaction')
})

test('C-2, C-2b pushed → issued is one write where session and consent stand, three with both pages', async () => {
  const p = await person(w)
  const client = { client_id: 'myPublicClient' }
  const request_uri = await pushed(w, client)
  const writes = await w.records.changeCount()
  assert.ok(codeOf(await p.get(authorizeUrl({ ...client, request_uri }))) !== '')
  assert.equal((await w.records.changeCount()) - writes, 1)
  const b = browser(w)
  const other = await pushed(w)
  const before = await w.records.changeCount()
  const detour = await b.get(slimUrl(other))
  assert.equal((await w.records.changeCount()) - before, 1, 'opened')
  await b.get(slimUrl(other))
  assert.equal((await w.records.changeCount()) - before, 1, 'opened once')
  const at = await person(w, { at: b })
  const session = await w.records.changeCount()
  const page = await at.get(slimUrl(other))
  await at.get(slimUrl(other))
  assert.equal((await w.records.changeCount()) - session, 1, 'bound once')
  await answerConsent(at, page)
  assert.equal((await w.records.changeCount()) - session, 2, 'issued')
  assert.ok(isLogin(detour))
})

test('H-8 anonymous visits of requests that were not pushed store nothing', async () => {
  const writes = await w.records.changeCount()
  for (let i = 0; i < 20; i++) {
    const url = authorizeUrl({ client_id: 'myClient', ...pushForm({ state: `s${i}` }) })
    assert.ok(isLogin(await browser(w).get(url)))
  }
  assert.equal(await w.records.changeCount(), writes)
})

test('OIDC-4 a POST without a decision is as good as a GET, pushed or not', async () => {
  const p = await person(w)
  const request_uri = await pushed(w)
  const form = { client_id: 'myClient', request_uri }
  assert.ok(isConsentPage(await p.post(`${base}/authorize`, form)))
  const page = await p.post(`${base}/authorize`, { client_id: 'myClient', ...pushForm() })
  assert.ok(codeOf(await answerConsent(p, page)) !== '')
  const b = browser(w)
  const posted = { client_id: 'myClient', ...pushForm({ state: 'kept' }) }
  const detour = await b.post(`${base}/authorize`, posted)
  assert.equal(detour.status, 303)
  const consent = await logInAndReturn(b, detour)
  assert.equal(answerOf(await answerConsent(b, consent)).get('state'), 'kept')
})

test('C-13 on POST nothing but realm is read from the query', async () => {
  const p = await person(w)
  const request_uri = await pushed(w)
  const query = `client_id=evil&decision=allow&csrf=${p.session.token}`
  const page = await p.post(`${base}/authorize?${query}`, { client_id: 'myClient', request_uri })
  assert.ok(isConsentPage(page))
  const short = `${origin}/am/oauth2/authorize?realm=/alpha`
  const inQuery = await p.post(short, { client_id: 'myClient', request_uri })
  assert.ok(isConsentPage(inQuery))
  assert.equal(actionOf(inQuery), '/am/oauth2/authorize?realm=%2Falpha')
  assert.ok(codeOf(await answerConsent(p, inQuery)) !== '')
})

test('C-13, C-19 a POST whose realm is in the query comes back to that realm from the login', async () => {
  const named = `${origin}/am/oauth2/bravo/authorize?realm=/alpha`
  for (const [name, form] of [
    ['pushed', { request_uri: await pushed(w, { prompt: 'login' }) }],
    ['not pushed', pushForm({ prompt: 'login' })],
  ] as const) {
    const b = browser(w)
    const detour = await b.post(named, { client_id: 'myClient', ...form })
    const goto = new URL(locationOf(detour).searchParams.get('goto') ?? '')
    assert.equal(
      goto.pathname + goto.search.slice(0, 16),
      '/am/oauth2/bravo/authorize?realm=%2Falpha&',
    )
    const consent = await logInAndReturn(b, detour)
    assert.ok(isConsentPage(consent), `${name}: ${consent.status}`)
    assert.ok(codeOf(await answerConsent(b, consent)) !== '')
  }
})

test('C-13, C-2c so does the way back from a page that refuses a decision', async () => {
  const short = `${origin}/am/oauth2/authorize?realm=/alpha`
  const form = { client_id: 'myClient', request_uri: await pushed(w), csrf: 'x', decision: 'allow' }
  const refused = await (await person(w)).post(short, form, { accept: 'text/html' })
  assert.equal(refused.status, 400)
  assert.match(
    String(refused.body),
    /href="[^"]*\/authorize\?realm=%2Falpha&amp;client_id=myClient/,
  )
})

test('C-13 a realm in the body is none', async () => {
  const form = { client_id: 'myClient', request_uri: await pushed(w), realm: '/bravo' }
  const detour = await browser(w).post(`${base}/authorize`, form)
  assert.equal(locationOf(detour).searchParams.get('realm'), '/alpha')
  assert.equal(
    new URL(locationOf(detour).searchParams.get('goto') ?? '').searchParams.has('realm'),
    false,
  )
  const consent = await (await person(w)).post(`${base}/authorize`, form)
  assert.equal(actionOf(consent), new URL(`${base}/authorize`).pathname)
})

test('C-13 a name twice, on GET or POST: to the user, not to the client', async () => {
  const p = await person(w)
  const good = new URLSearchParams({ client_id: 'myClient', ...pushForm() }).toString()
  for (const more of [
    'client_id=myClient',
    'state=',
    'scope=write',
    'x=1&x=1',
    'request_uri=a&request_uri=b',
  ]) {
    const url = `${base}/authorize?${good}&${more}`
    if (more === 'state=') {
      assert.ok(isConsentPage(await p.get(url)), 'empty is absent')
      continue
    }
    const says = 'The request has a duplicate request parameter.'
    refusedWith(await p.get(url, json), 'invalid_request', says)
    refusedWith(await p.post(`${base}/authorize`, `${good}&${more}`, json), 'invalid_request', says)
  }
})

/** What must never be answered by a redirect (3.5, class a). */
const userErrors: readonly (readonly [string, Record<string, string>, string, string])[] = [
  ['no client_id', {}, 'invalid_request', 'Missing parameter, client_id'],
  ['an unknown client', { client_id: 'nobody' }, 'invalid_client', 'Client authentication failed'],
  [
    'T-8 a built-in name',
    { client_id: '__proto__' },
    'invalid_client',
    'Client authentication failed',
  ],
  [
    'an unregistered redirect_uri',
    { client_id: 'myClient', ...pushForm({ redirect_uri: 'https://evil.example/' }) },
    'redirect_uri_mismatch',
    'The redirection URI provided does not match a pre-registered value.',
  ],
  [
    'no redirect_uri where there are several',
    { client_id: 'myClient', ...pushForm({ redirect_uri: undefined }) },
    'invalid_request',
    'Missing parameter: redirect_uri',
  ],
]
for (const [name, query, error, text] of userErrors) {
  test(`3.5, OA-8, C-21 ${name}: 400 ${error} on a page at this very address, with fixed text`, async () => {
    for (const b of [browser(w), await person(w)]) {
      const page = await b.get(authorizeUrl({ ...query, state: 's' }))
      assert.equal(page.status, 400)
      assert.equal(page.headers['content-type'], 'text/html;charset=UTF-8')
      assert.equal(page.headers.location, undefined)
      assert.match(String(page.body), new RegExp(`<code id="error_code">${error}</code>`))
      refusedWith(await b.get(authorizeUrl({ ...query, state: 's' }), json), error, text)
      const both = { accept: 'text/html,application/json' }
      assert.match(String((await b.get(authorizeUrl(query), both)).body), /^<!doctype html>/)
    }
  })
}

test('R-9, OIDC-19 every other fault of an unpushed request goes to the client, with state and iss', async () => {
  const faults: readonly (readonly [Record<string, string | undefined>, string])[] = [
    [{ response_type: undefined }, 'invalid_request'],
    [{ response_type: 'nonsense' }, 'unsupported_response_type'],
    [{ scope: 'nonsense' }, 'invalid_scope'],
    [{ scope: undefined }, 'invalid_scope'],
    [{ scope: 'a"b' }, 'invalid_scope'],
    [{ prompt: 'select_account' }, 'bad_request'],
    [{ prompt: 'none login' }, 'bad_request'],
    [{ claims: '{' }, 'bad_request'],
    [{ code_challenge: undefined }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ max_age: '-1' }, 'invalid_request'],
    [{ request: 'a.b.c' }, 'invalid_request_object'],
    [{ registration: '{}' }, 'registration_not_supported'],
    [{ resource: 'https://rs.example' }, 'invalid_target'],
    [{ authorization_details: '[]' }, 'invalid_authorization_details'],
    [{ dpop_jkt: 'x' }, 'invalid_request'],
  ]
  for (const [changes, error] of faults) {
    const url = authorizeUrl({ client_id: 'myClient', ...pushForm(changes), state: 's &' })
    const refused = await browser(w).get(url)
    assert.equal(refused.status, 302, JSON.stringify(changes))
    assert.ok(String(refused.headers.location).startsWith(`${callback}?error_description=`))
    const answer = answerOf(refused)
    assert.deepEqual([...answer.keys()], ['error_description', 'state', 'error', 'iss'])
    assert.deepEqual(
      [answer.get('error'), answer.get('state'), answer.get('iss')],
      [error, 's &', base],
    )
    assert.match(answer.get('error_description') ?? '', /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, 'OA-13')
  }
})
