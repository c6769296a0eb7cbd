import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { actionOf, browser, fieldsOf, locationOf } from '../../../test/browser.ts'
import {
  account,
  answerConsent,
  answerOf,
  codeOf,
  decideByRest,
  isConsentPage,
  isLogin,
  logInAndReturn,
  person,
  redeem,
  slimUrl,
} from '../../../test/flow.ts'
import { elements } from '../../../test/html-tree.ts'
import { base, callback, pushed, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()

/** Asserts the page of a dead reference; gives its link back. */
function deadEnd(response: HttpResponse, text: RegExp): URL | undefined {
  assert.equal(response.status, 400, String(response.headers.location))
  assert.equal(response.headers.location, undefined)
  const page = String(response.body)
  assert.match(page, /invalid_request_uri/)
  assert.match(page, text)
  const back = elements(page, 'a').find(({ attributes }) => attributes.get('id') === 'back')
  return back === undefined ? undefined : new URL(back.attributes.get('href') ?? '')
}

test('C-2c a page about a request_uri that works no more leads back to the client by its name', async () => {
  const late = await pushed(w)
  w.clock.now += 90
  const page = String((await (await person(w)).get(slimUrl(late))).body)
  assert.ok(deadEnd({ status: 400, headers: {}, body: page }, /Back to Demo Application/))
})

test('P-15, PAR-27 one second before the end it opens, at the end it does not', async () => {
  const p = await person(w)
  const early = await pushed(w)
  w.clock.now += 89
  assert.ok(isConsentPage(await p.get(slimUrl(early))))
  const late = await pushed(w)
  w.clock.now += 90
  deadEnd(await p.get(slimUrl(late)), /has expired/)
  assert.equal((await decideByRest(p, late)).status, 400)
})

test('C-2c one that was never opened leaves nothing; the page links to the client', async () => {
  const request_uri = await pushed(w)
  w.clock.now += 91
  const back = deadEnd(await browser(w).get(slimUrl(request_uri)), /has expired/)
  assert.equal(back?.href, 'http://localhost:8080/demo')
})

test('C-2 opened in time, finished 29 minutes later by the browser that holds the cookie', async () => {
  const b = browser(w)
  const request_uri = await pushed(w, { state: 'kept' })
  w.clock.now += 89
  const detour = await b.get(slimUrl(request_uri))
  w.clock.now += 29 * 60
  const consent = await logInAndReturn(b, detour)
  assert.ok(isConsentPage(consent))
  const done = await answerConsent(b, consent)
  assert.equal(answerOf(done).get('state'), 'kept')
  assert.equal((await redeem(w, codeOf(done))).status, 200)
})

test('C-2 the interaction has its own end, from the first page on', async () => {
  const b = browser(w)
  const request_uri = await pushed(w, { state: 'kept' })
  await b.get(slimUrl(request_uri))
  await person(w, { at: b })
  w.clock.now += 1799
  const page = await b.get(slimUrl(request_uri))
  assert.ok(isConsentPage(page))
  w.clock.now += 1
  await person(w, { at: b })
  const back = deadEnd(await b.get(slimUrl(request_uri)), /has expired/)
  assert.equal(back?.searchParams.get('state'), 'kept', 'this browser holds the interaction')
  const stranger = deadEnd(await browser(w).get(slimUrl(request_uri)), /has expired/)
  assert.deepEqual([...(stranger?.searchParams.keys() ?? [])], ['error', 'iss'])
})

test('C-2 until redeem_by any browser may open it; from then on only one that holds the cookie', async () => {
  const first = browser(w)
  const request_uri = await pushed(w, { state: 'secret-state' })
  assert.ok(isLogin(await first.get(slimUrl(request_uri))))
  w.clock.now += 80
  const second = await person(w)
  assert.ok(isLogin(await browser(w).get(slimUrl(request_uri))))
  w.clock.now += 10
  const back = deadEnd(await second.get(slimUrl(request_uri)), /has expired/)
  assert.equal(back?.searchParams.has('state'), false)
  assert.equal(back?.searchParams.get('error'), 'invalid_request_uri')
  assert.equal(back?.searchParams.get('iss'), base)
  assert.ok(isLogin(await first.get(slimUrl(request_uri))), 'the rightful one goes on')
})

test('C-2 after the login of one browser a second is refused, and the first is unharmed', async () => {
  const b = browser(w)
  const request_uri = await pushed(w, { state: 's' })
  const second = await person(w, { user: await account(w, 'second') })
  const detour = await b.get(slimUrl(request_uri))
  const opened = browser(w)
  assert.ok(isLogin(await opened.get(slimUrl(request_uri))), 'before the login')
  const consent = await logInAndReturn(b, detour)
  deadEnd(await second.get(slimUrl(request_uri)), /in use in another browser/)
  const late = deadEnd(await opened.get(slimUrl(request_uri)), /in use in another browser/)
  assert.equal(late?.searchParams.has('state'), false)
  assert.equal((await decideByRest(second, request_uri)).status, 400)
  assert.ok(codeOf(await answerConsent(b, consent)) !== '')
})

test('C-2 after the login the session that passed may go on without the cookie, even late', async () => {
  const p = await person(w)
  const request_uri = await pushed(w)
  assert.ok(isConsentPage(await p.get(slimUrl(request_uri))))
  for (const name of [...p.cookies.keys()]) if (name.startsWith('parapet-')) p.cookies.delete(name)
  w.clock.now += 100
  assert.ok(codeOf(await decideByRest(p, request_uri)) !== '')
})

test('C-2d a cookie of another authorization, or two of one name, are none', async () => {
  const request_uri = await pushed(w)
  const b = browser(w)
  await b.get(slimUrl(request_uri))
  const [[name, value]] = [...b.cookies] as [[string, string]]
  const other = browser(w)
  const another = await pushed(w)
  await other.get(slimUrl(another))
  const [[otherName, otherValue]] = [...other.cookies] as [[string, string]]
  w.clock.now += 95
  const tries = [`${name}=${otherValue}`, `${name}=${value}; ${name}=${value}`, `${name}=`]
  for (const cookie of tries) {
    const http = requestOf('GET', slimUrl(request_uri), { cookie })
    deadEnd(await w.serve(http), /has expired/)
  }
  assert.notEqual(name, otherName)
  assert.ok(isLogin(await b.get(slimUrl(request_uri))))
})

test('C-2d on https the cookie is __Host-, Secure, HttpOnly and SameSite=Lax', async () => {
  const request_uri = await pushed(w)
  const secure = { ...requestOf('GET', slimUrl(request_uri)), origin: 'https://as.example' }
  const [cookie] = [(await w.serve(secure)).headers['set-cookie'] ?? []].flat()
  assert.match(
    String(cookie),
    /^__Host-parapet-[\w-]{12}=[^;]*; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=1800$/,
  )
})

test('C-2c spent: a page with a link back, never a redirect, no state, for a day', async () => {
  const p = await person(w)
  for (const decision of ['allow', 'deny'] as const) {
    const request_uri = await pushed(w, { state: 'mine' })
    await answerConsent(p, await p.get(slimUrl(request_uri)), decision)
    const back = deadEnd(await p.get(slimUrl(request_uri)), /has been used/)
    const query = `error=invalid_request_uri&iss=${encodeURIComponent(base)}`
    assert.equal(back?.href, new URL(`${callback}?${query}`).href)
    w.clock.now += 86_000
    await person(w, { at: p })
    deadEnd(await p.get(slimUrl(request_uri)), /has been used/)
    w.clock.now += 3000
    deadEnd(await p.get(slimUrl(request_uri)), /has expired/)
    await person(w, { at: p })
  }
})

test('C-2c a link back leads nowhere the client is not registered any more', async () => {
  const other = await world()
  const p = await person(other)
  const request_uri = await pushed(other)
  await decideByRest(p, request_uri)
  await amend(other, 'myClient', {
    coreOAuth2ClientConfig: { redirectionUris: ['https://new.example/cb'] },
  })
  const back = deadEnd(await p.get(slimUrl(request_uri)), /has been used/)
  assert.equal(back?.href, 'http://localhost:8080/demo')
})

test('C-2b HEAD and prefetch write nothing and say nothing', async () => {
  const p = await person(w)
  w.clock.now += 120
  const request_uri = await pushed(w)
  const cookie = [...p.cookies].map((pair) => pair.join('=')).join('; ')
  const writes = w.records.changeCount()
  const looks = [
    requestOf('HEAD', slimUrl(request_uri), { cookie }),
    requestOf('GET', slimUrl(request_uri), { cookie, headers: { 'sec-purpose': 'prefetch' } }),
    requestOf('GET', slimUrl(request_uri), {
      cookie,
      headers: { 'sec-purpose': 'prefetch;prerender' },
    }),
    requestOf('GET', slimUrl(request_uri), { cookie, headers: { purpose: 'prefetch' } }),
  ]
  for (const http of looks) {
    const answer = await w.serve(http)
    assert.equal(answer.body, '')
    assert.equal(answer.headers.location ?? answer.headers['set-cookie'], undefined)
  }
  assert.equal(w.records.changeCount(), writes)
  assert.ok(codeOf(await decideByRest(p, request_uri)) !== '')
})

test('C-2b prompt=none by a stranger who saw the URI spends nothing and binds nothing', async () => {
  const request_uri = await pushed(w)
  const stranger = await person(w, { user: await account(w, 'stranger') })
  const writes = w.records.changeCount()
  for (const b of [browser(w), stranger]) {
    const refused = await b.get(slimUrl(request_uri, { prompt: 'none' }))
    assert.match(String(answerOf(refused).get('error')), /^(interaction|consent)_required$/)
  }
  assert.equal(w.records.changeCount(), writes)
  const b = browser(w)
  const consent = await logInAndReturn(b, await b.get(slimUrl(request_uri)))
  assert.ok(codeOf(await answerConsent(b, consent)) !== '')
})

test('B-3 a tampered consent form cannot move to another authorization', async () => {
  const p = await person(w)
  const page = await p.get(slimUrl(await pushed(w)))
  const other = await pushed(w, { scope: 'openid' })
  const refused = await p.post(actionOf(page), {
    ...fieldsOf(page),
    request_uri: other,
    decision: 'allow',
  })
  assert.equal(refused.status, 400)
  assert.equal(locationOf(await answerConsent(p, page)).hostname, 'www.example.com')
})
