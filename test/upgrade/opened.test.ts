import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { format } from '../../src/store/sqlite/format.ts'
import { type Browser, browser } from '../browser.ts'
import {
  answerConsent,
  codeOf,
  isConsentPage,
  logInAndReturn,
  redeem,
  refresh,
  refusedWith,
  slimUrl,
  withToken,
} from '../flow.ts'
import { adminPassword } from '../server.ts'
import { base, basic, bodyOf, origin, pushed, pushForm, requestOf, type World } from '../world.ts'
import { bodyWith, fixtures, type Halfway, layOut, type StoreFixture, serverOn } from './fixture.ts'
import { proofOf } from './proof.ts'

type Server = Awaited<ReturnType<typeof serverOn>>

/** Today's server on a copy of a directory, in the second after the server that wrote it was stopped. */
async function opened(t: TestContext, fixture: StoreFixture): Promise<Server> {
  const data = mkdtempSync(join(tmpdir(), 'parapet-upgrade-'))
  layOut(fixture, data)
  const server = await serverOn(data, fixture.at + 1)
  t.after(async () => {
    await server.close()
    rmSync(data, { recursive: true, force: true })
  })
  return server
}

function browserWith(w: World, { cookies }: Pick<Halfway, 'cookies'>): Browser {
  const b = browser(w)
  for (const [name, value] of Object.entries(cookies)) b.cookies.set(name, value)
  return b
}

function sessionOf(w: World, token: string): Browser {
  return browserWith(w, { cookies: { iPlanetDirectoryPro: token } })
}

async function isValid(w: World, iplanetdirectorypro: string): Promise<unknown> {
  const headers = { iplanetdirectorypro, 'accept-api-version': 'resource=4.0' }
  const url = `${origin}/am/json/realms/root/realms/alpha/sessions?_action=validate`
  return bodyWith(await w.serve(requestOf('POST', url, { headers }))).valid
}

async function isActive(w: World, token: string, at = base): Promise<unknown> {
  const sent = { headers: { authorization: basic() }, form: { token } }
  return bodyWith(await w.serve(requestOf('POST', `${at}/introspect`, sent))).active
}

/** A code that a page or an answer leads to is good. */
async function assertRedeems(w: World, code: string): Promise<void> {
  const { access_token, refresh_token } = bodyWith(await redeem(w, code))
  bodyWith(await withToken(w, '/userinfo', access_token))
  assert.ok(refresh_token)
}

type Kept = (w: Server, kept: StoreFixture) => Promise<void>

const works: Readonly<Record<string, Kept>> = {
  async 'a pushed request is opened, consented to and redeemed'(w, { session, pushed: uri }) {
    const b = sessionOf(w, session)
    const page = await b.get(slimUrl(uri))
    assert.ok(isConsentPage(page))
    await assertRedeems(w, codeOf(await answerConsent(b, page)))
    assert.equal((await b.get(slimUrl(uri))).status, 400)
  },
  async 'a browser that was sent to log in logs in and goes on, long after redeem_by'(w, kept) {
    w.clock.now += 900
    const { request_uri, cookies } = kept.sentToLogin
    const b = browserWith(w, { cookies })
    const page = await logInAndReturn(b, await b.get(slimUrl(request_uri)))
    assert.ok(isConsentPage(page))
    await assertRedeems(w, codeOf(await answerConsent(b, page)))
  },
  async 'a form of consent that was shown is answered, and only by that browser'(w, { asked }) {
    const url = `${base}/authorize`
    const form = { ...asked.fields, decision: 'allow' }
    assert.equal((await sessionOf(w, '').post(url, form)).status, 400)
    await assertRedeems(w, codeOf(await browserWith(w, asked).post(url, form)))
  },
  async 'a code is redeemed, once'(w, { code }) {
    await assertRedeems(w, code)
    refusedWith(await redeem(w, code), 'invalid_grant')
  },
  async 'access tokens are active, refresh tokens have a successor'(w, { tokens, bravo }) {
    assert.equal(await isActive(w, tokens.access_token), true)
    bodyWith(await withToken(w, '/userinfo', tokens.access_token))
    const at = base.replace('alpha', 'bravo')
    assert.equal(await isActive(w, bravo.access_token, at), true)
    const next = bodyWith(await refresh(w, tokens.refresh_token))
    bodyWith(await withToken(w, '/userinfo', next.access_token))
    bodyWith(await refresh(w, next.refresh_token))
    const sent = {
      headers: { authorization: basic() },
      form: { grant_type: 'refresh_token', refresh_token: bravo.refresh_token },
    }
    bodyWith(await w.serve(requestOf('POST', `${at}/access_token`, sent)))
  },
  async 'a session is valid, serves, and ends'(w, { session }) {
    assert.equal(await isValid(w, session), true)
    const headers = { iplanetdirectorypro: session, 'accept-api-version': 'resource=4.0' }
    const url = `${origin}/am/json/realms/root/realms/alpha/sessions?_action=logout`
    bodyWith(await w.serve(requestOf('POST', url, { headers })))
    assert.equal(await isValid(w, session), false)
  },
  async 'a saved consent is not asked for again'(w, { session, consented }) {
    const b = sessionOf(w, session)
    await assertGiven(b, w, consented)
  },
  async 'each client proves itself by its method'(w, { clients }) {
    assert.ok(clients.length >= 5)
    for (const client of clients) {
      const { headers = {}, form } = proofOf(client, w.clock.now)
      const sent = { headers, form: { ...pushForm(), ...form } }
      bodyWith(await w.serve(requestOf('POST', `${base}/par`, sent)), 201)
    }
  },
  async 'users and the administrator log in, and a wrong password is one'(w) {
    const b = browser(w)
    assert.ok(await b.logIn('demo', 'Ch4ng31t'))
    await assert.rejects(b.logIn('demo', 'another one'), /not logged in/)
    await assert.rejects(b.logIn('amadmin', adminPassword), /not logged in/)
    const headers = {
      'content-type': 'application/json',
      'accept-api-version': 'resource=2.0, protocol=1.0',
      'x-openam-username': 'amadmin',
      'x-openam-password': adminPassword,
    }
    const url = `${origin}/am/json/realms/root/authenticate`
    assert.ok(bodyWith(await w.serve(requestOf('POST', url, { headers }))).tokenId)
  },
  async 'what was spent, ended or revoked stays so'(w, { session, spent }) {
    assert.equal((await sessionOf(w, session).get(slimUrl(spent.request_uri))).status, 400)
    assert.equal(await isValid(w, spent.ended_session), false)
    refusedWith(await refresh(w, spent.revoked_token), 'invalid_grant')
    const again = await w.serve(requestOf('POST', `${base}/par`, { form: spent.assertion }))
    assert.equal(bodyOf(again).error, 'invalid_client')
    assert.equal(await isActive(w, spent.tokens.access_token), true)
    // C-14: the code's second use ends its grant.
    refusedWith(await redeem(w, spent.code), 'invalid_grant')
    assert.equal(await isActive(w, spent.tokens.access_token), false)
    refusedWith(await refresh(w, spent.tokens.refresh_token), 'invalid_grant')
  },
  async 'all of it ends in its time, and is swept'(w, kept) {
    w.clock.now += 400 * 86_400
    while ((await w.records.sweep()) !== 0);
    for (const token of [kept.tokens.access_token, kept.spent.tokens.access_token])
      assert.equal(await isActive(w, token), false)
    refusedWith(await redeem(w, kept.code), 'invalid_grant')
    assert.equal(await isValid(w, kept.session), false)
  },
}

async function assertGiven(b: Browser, w: World, scope: string): Promise<void> {
  const answer = await b.get(slimUrl(await pushed(w, { scope })))
  bodyWith(await redeem(w, codeOf(answer)))
}

test('house: there is a data directory of each format, from the first to that of today', () => {
  const each = Array.from({ length: format }, (_, i) => i + 1)
  assert.deepEqual([...new Set(fixtures.map((fixture) => fixture.format))].sort(), each)
})

for (const fixture of fixtures) {
  for (const [what, check] of Object.entries(works)) {
    test(`house: in a store of format ${fixture.format} (${fixture.commit.slice(0, 7)}) ${what}`, async (t) => {
      await check(await opened(t, fixture), fixture)
    })
  }
}
