import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Browser } from '../../../test/browser.ts'
import { browser, locationOf } from '../../../test/browser.ts'
import {
  account,
  answerConsent,
  authorizeUrl,
  codeOf,
  isConsentPage,
  isLogin,
  logInAndReturn,
  person,
  redeem,
  slimUrl,
} from '../../../test/flow.ts'
import { byId } from '../../../test/html-tree.ts'
import { bodyOf, pushed, pushForm, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const bob = await account(w, 'bob is here')

/** Presses "Not you?" on a page. */
function leave(b: Browser, page: HttpResponse, leave?: string): Promise<HttpResponse> {
  const body = String(page.body)
  const action = byId(body, 'not_you_form')?.attributes.get('action') ?? ''
  return b.post(action, { leave: leave ?? byId(body, 'not_you')?.attributes.get('value') ?? '' })
}

test('"Not you?" on consent logs out and starts over with the same request, pushed or not', async () => {
  const unpushed = authorizeUrl({ client_id: 'myClient', ...pushForm({ scope: 'openid' }) })
  const requests = [slimUrl(await pushed(w, { scope: 'openid' })), unpushed]
  for (const url of requests) {
    const p = await person(w)
    const page = await p.get(url)
    const left = await leave(p, page)
    assert.equal(left.status, 303)
    assert.equal(p.cookies.has('iPlanetDirectoryPro'), false)
    const detour = await p.get(locationOf(left).href)
    assert.ok(isLogin(detour))
    const consent = await logInAndReturn(p, detour, bob.username, bob.username)
    assert.ok(isConsentPage(consent))
    assert.match(String(consent.body), /logged in as [^\n]*bob is here/)
    const tokens = bodyOf(await redeem(w, codeOf(await answerConsent(p, consent))))
    assert.equal(tokens.scope, 'openid')
  }
})

test('"Not you?" ends the session itself, not only this browser’s cookie of it', async () => {
  const p = await person(w)
  await leave(p, await p.get(slimUrl(await pushed(w, { scope: 'openid' }))))
  const thief = browser(w)
  thief.cookies.set('iPlanetDirectoryPro', p.session.token)
  assert.ok(isLogin(await thief.get(slimUrl(await pushed(w, { scope: 'openid' })))))
})

test('C-6c "Not you?" without this session’s proof logs nobody out', async () => {
  const [p, other] = [await person(w), await person(w, { user: bob })]
  const page = await p.get(slimUrl(await pushed(w, { scope: 'openid' })))
  const theirs = await other.get(slimUrl(await pushed(w, { scope: 'openid' })))
  const proof = byId(String(theirs.body), 'not_you')?.attributes.get('value') ?? ''
  for (const sent of ['', 'x', proof]) assert.equal((await leave(p, page, sent)).status, 400)
  assert.ok(isConsentPage(await p.get(slimUrl(await pushed(w, { scope: 'openid' })))))
})

test('"Not you?" leads nowhere but to this server', async () => {
  const p = browser(w)
  for (const goto of ['https://evil.example/', '//evil.example', 'javascript:alert(1)', '']) {
    const query = new URLSearchParams({ realm: '/alpha', goto })
    const left = await p.post(`/am/XUI/switch?${query}`, {})
    assert.equal(locationOf(left).href, 'http://localhost:8080/am/XUI/?realm=%2Falpha')
  }
})

test('OIDC Core §3.1.2.1 who is asked to log in once more may be somebody else: prompt=login goes on as them', async () => {
  const p = await person(w)
  w.clock.now++
  const detour = await p.get(slimUrl(await pushed(w, { scope: 'openid', prompt: 'login' })))
  const again = await p.get(locationOf(await leave(p, await p.get(locationOf(detour).href))).href)
  const page = await p.get(locationOf(again).href)
  assert.equal(byId(String(page.body), 'user'), undefined)
  assert.ok(isConsentPage(await logInAndReturn(p, again, bob.username, bob.username)))
})

test('OIDC Core §3.1.2.1 a hinted user whose password alone is asked is named, and somebody else may say so', async () => {
  const b = browser(w)
  const hints = { scope: 'openid', login_hint: 'demo', service: 'Password' }
  const detour = await b.get(slimUrl(await pushed(w, hints)))
  const page = await b.get(locationOf(detour).href)
  assert.match(String(page.body), /<p id="user">as [^\n]*demo/)
  const other = byId(String(page.body), 'not_you')?.attributes.get('href') ?? ''
  const asked = await b.get(other.replaceAll('&amp;', '&'))
  assert.equal(byId(String(asked.body), 'username')?.attributes.get('value'), undefined)
  assert.equal(byId(String(asked.body), 'not_you'), undefined)
})

test('the login page says who is logged in, and goes on where it was to lead', async () => {
  const p = await person(w)
  const page = await p.get('/am/XUI/?realm=/alpha&goto=/am/somewhere')
  assert.match(String(page.body), /logged in as [^\n]*demo/)
  assert.equal(byId(String(page.body), 'go_on')?.attributes.get('href'), '/am/somewhere')
  const left = await leave(p, page)
  const login = await p.get(locationOf(left).href)
  assert.ok(byId(String(login.body), 'login_form'))
  assert.match(String(login.body), /goto=%2Fam%2Fsomewhere/)
})
