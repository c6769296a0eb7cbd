import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Browser } from '../../../test/browser.ts'
import { browser, locationOf } from '../../../test/browser.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  account,
  answerConsent,
  answerOf,
  authorizeUrl,
  claimsOf,
  codeOf,
  isConsentPage,
  isLogin,
  logInAndReturn,
  person,
  redeem,
  slimUrl,
  tokensFor,
} from '../../../test/flow.ts'
import { bodyOf, pushed, pushForm, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world({
  alpha: { advancedOIDCConfig: { loaMapping: { silver: 'Login', gold: 'Password' } } },
})
await account(w, 'someone')

const openid = { scope: 'openid', state: 's', nonce: 'n' }
const essential = (acr: string): string =>
  JSON.stringify({ id_token: { acr: { essential: true, values: [acr] } } })

/** Both ways to ask the same: pushed before, or in the URL. */
const ways: Readonly<Record<string, (changes: Changes) => Promise<string>>> = {
  pushed: async (changes) => slimUrl(await pushed(w, { ...openid, ...changes })),
  'not pushed': async (changes) =>
    authorizeUrl({ client_id: 'myClient', ...pushForm({ ...openid, ...changes }) }),
}

/** Goes on until there is an answer; counts the login pages and gives the last answer. */
async function walk(b: Browser, url: string): Promise<{ logins: number; last: HttpResponse }> {
  let logins = 0
  let last = await b.get(url)
  for (let step = 0; step < 6; step++) {
    if (isLogin(last)) {
      logins += 1
      last = await logInAndReturn(b, last)
    } else if (isConsentPage(last)) last = await answerConsent(b, last)
    else break
  }
  return { logins, last }
}

const asks: Readonly<Record<string, Changes>> = {
  'prompt=login': { prompt: 'login' },
  'prompt=login consent': { prompt: 'login consent' },
  'max_age=0': { max_age: '0' },
  'an essential acr the session has': { claims: essential('silver') },
  'an essential acr of another journey': { claims: essential('gold') },
  'a voluntary acr of another journey': { acr_values: 'gold' },
}

for (const [way, urlFor] of Object.entries(ways)) {
  for (const [name, changes] of Object.entries(asks)) {
    test(`B-9 ${name}, ${way}: a live session is asked exactly once, then it completes`, async () => {
      const p = await person(w)
      w.clock.now += 5
      const { logins, last } = await walk(p, await urlFor(changes))
      assert.equal(logins, 1)
      const claims = claimsOf(bodyOf(await redeem(w, codeOf(last))).id_token)
      assert.equal(claims.auth_time, w.clock.now)
    })

    test(`B-9 ${name}, ${way}: reload, another try, and the parameter dropped do not help`, async () => {
      const p = await person(w)
      w.clock.now += 5
      const url = await urlFor(changes)
      assert.ok(isLogin(await p.get(url)))
      assert.ok(isLogin(await p.get(url)), 'reload')
      assert.ok(isLogin(await p.get(`${url}&`)), 'other spelling')
      if (way === 'pushed') assert.ok(isLogin(await p.get(`${url}&prompt=consent`)))
      const { logins } = await walk(p, url)
      assert.equal(logins, 1)
    })
  }

  test(`OIDC-7 prompt=none, ${way}: never a page`, async () => {
    const nobody = await browser(w).get(await urlFor({ ...openid, prompt: 'none' }))
    assert.equal(answerOf(nobody).get('error'), 'interaction_required')
    const text = 'The request requires some interaction that is not allowed.'
    assert.equal(answerOf(nobody).get('error_description'), text)
    const asked = await (await person(w)).get(await urlFor({ prompt: 'none' }))
    assert.equal(answerOf(asked).get('error'), 'consent_required')
    assert.equal(answerOf(asked).get('error_description'), 'The request requires consent.')
  })

  test(`OIDC-12 id_token_hint, ${way}: somebody else logs in: login_required, once`, async () => {
    const { id_token } = await tokensFor(w, openid)
    const url = await urlFor({ id_token_hint: String(id_token) })
    const b = browser(w)
    const first = await logInAndReturn(b, await b.get(url), 'someone', 'someone')
    assert.equal(answerOf(first).get('error'), 'login_required')
    assert.equal(answerOf(first).get('error_description'), 'The request requires login.')
  })

  test(`OIDC-12 id_token_hint, ${way}: another user's session may be changed for the right one`, async () => {
    const { id_token } = await tokensFor(w, openid)
    const b = browser(w)
    await b.logIn('someone', 'someone')
    const { logins, last } = await walk(b, await urlFor({ id_token_hint: String(id_token) }))
    assert.equal(logins, 1)
    assert.equal(claimsOf(bodyOf(await redeem(w, codeOf(last))).id_token).sub, w.demo.sub)
  })
}

test('B-9 a forged mark that the login was done is not believed', async () => {
  const url = authorizeUrl({ client_id: 'myClient', ...pushForm({ prompt: 'login' }) })
  const p = await person(w)
  assert.ok(isLogin(await p.get(url)))
  const [name, value] = [...p.cookies].find(([cookie]) => cookie.startsWith('parapet-')) ?? []
  const [nonce, , , mac] = String(value).split('.')
  for (const forged of [`${nonce}.0..${mac}`, `${nonce}.0..`, 'x', '', '....']) {
    p.cookies.set(String(name), forged)
    assert.ok(isLogin(await p.get(url)), forged)
  }
})

test('B-9 a finished or refused interaction proves no login to the next of the same text', async () => {
  const url = await (ways['not pushed'] as (c: Changes) => Promise<string>)({
    prompt: 'login',
    state: undefined,
  })
  for (const decision of ['allow', 'deny'] as const) {
    const p = await person(w)
    const consent = await logInAndReturn(p, await p.get(url))
    assert.equal((await answerConsent(p, consent, decision)).status, 302)
    assert.ok(isLogin(await p.get(url)), decision)
  }
})

test('OIDC-12 the wrong user was told off: the same URL asks again, for the right one', async () => {
  const { id_token } = await tokensFor(w, openid)
  const hint = { scope: 'openid', id_token_hint: String(id_token) }
  const url = authorizeUrl({ client_id: 'myClient', ...pushForm(hint) })
  const b = browser(w)
  const refused = await logInAndReturn(b, await b.get(url), 'someone', 'someone')
  assert.equal(answerOf(refused).get('error'), 'login_required')
  assert.ok(isConsentPage(await logInAndReturn(b, await b.get(url))))
})

test('B-9 an interaction that was left proves no login when its time is over', async () => {
  const url = authorizeUrl({ client_id: 'myClient', ...pushForm({ prompt: 'login' }) })
  const p = await person(w)
  assert.ok(isConsentPage(await logInAndReturn(p, await p.get(url))))
  w.clock.now += 1799
  assert.ok(isConsentPage(await p.get(url)))
  w.clock.now += 1
  assert.ok(isLogin(await p.get(url)))
})

test('C-6 what the URL adds beside a request_uri can only ask for more, and never fails', async () => {
  const p = await person(w)
  const request_uri = await pushed(w)
  for (const prompt of ['select_account', 'none login', '%22', 'login login']) {
    assert.ok(isConsentPage(await p.get(slimUrl(request_uri, { prompt }))), prompt)
  }
  const { logins, last } = await walk(p, slimUrl(request_uri, { prompt: 'login' }))
  assert.equal(logins, 1)
  assert.ok(codeOf(last) !== '')
})

test('C-6, C-2b live prompt=none: silent, and the request is as good as before', async () => {
  const request_uri = await pushed(w, { prompt: 'login' })
  const writes = w.records.changeCount()
  const silent = await browser(w).get(slimUrl(request_uri, { prompt: 'none' }))
  assert.equal(answerOf(silent).get('error'), 'interaction_required')
  assert.equal(w.records.changeCount(), writes)
  const { last } = await walk(browser(w), slimUrl(request_uri))
  assert.ok(codeOf(last) !== '')
})

test('PingAM: step-up asks for the password alone and says the acr; the old session is gone', async () => {
  const p = await person(w)
  const before = p.session.token
  const detour = await p.get(slimUrl(await pushed(w, { ...openid, acr_values: 'gold' })))
  assert.equal(locationOf(detour).searchParams.get('service'), 'Password')
  const page = String((await p.get(locationOf(detour).href)).body)
  assert.match(page, /type="password"/)
  assert.doesNotMatch(page, /type="text"/)
  const done = await answerConsent(p, await logInAndReturn(p, detour))
  assert.equal(claimsOf(bodyOf(await redeem(w, codeOf(done))).id_token).acr, 'gold')
  assert.notEqual(p.cookies.get('iPlanetDirectoryPro'), before)
  const old = browser(w)
  old.cookies.set('iPlanetDirectoryPro', before)
  assert.ok(isLogin(await old.get(slimUrl(await pushed(w)))), 'B-2 worthless from then on')
})

test('PingAM: acr: an essential one nobody mapped is refused, a voluntary one is "0"', async () => {
  const p = await person(w)
  const refused = await p.get(slimUrl(await pushed(w, { ...openid, claims: essential('tin') })))
  assert.equal(answerOf(refused).get('error'), 'unmet_authentication_requirements')
  const { id_token } = await tokensFor(w, { ...openid, acr_values: 'tin' })
  assert.equal(claimsOf(id_token).acr, '0')
  assert.equal('acr' in claimsOf((await tokensFor(w, openid)).id_token), false)
})
