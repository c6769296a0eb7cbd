import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientAgain, realmAgain, userAgain } from '../../../test/again.ts'
import { amendRealm } from '../../../test/amend.ts'
import { browser } from '../../../test/browser.ts'
import type { Person } from '../../../test/flow.ts'
import {
  answerConsent,
  authorizeUrl,
  codeFor,
  isConsentPage,
  person,
  publicTokens,
  redeem,
  refresh,
  slimUrl,
  tokenRequest,
  tokensFor,
  withToken,
} from '../../../test/flow.ts'
import { post } from '../../../test/register.ts'
import type { World } from '../../../test/world.ts'
import {
  base,
  basic,
  bodyOf,
  callback,
  origin,
  push,
  pushed,
  pushForm,
  world,
} from '../../../test/world.ts'
import { argon2Hash } from '../../base/argon2.ts'
import type { HttpResponse } from '../../base/http.ts'
import { random } from '../../base/random.ts'
import { changeEndUser, findByUsername } from '../../user/end-user.ts'
import { endAllOf, withdrawApplication } from '../../user/epoch.ts'

/** What was made before; told afterwards whether it still serves. */
type Artefact = (w: World) => Promise<() => Promise<boolean>>

const scope = 'openid write'
const json = `${origin}/am/json/realms/root/realms/alpha`

const isActive = async (w: World, token: unknown): Promise<boolean> => {
  const headers = { authorization: basic() }
  const response = await post(w, '/introspect', { token: String(token) }, headers)
  assert.equal(response.status, 200, String(response.body))
  return bodyOf(response).active === true
}

/** A browser whose user is logged in now, whoever has that name by now. */
const personNow = async (w: World): Promise<Person> =>
  person(w, { user: (await findByUsername(await w.realm(), 'demo')) ?? assert.fail() })

const sentOn = (response: HttpResponse): boolean =>
  String(response.headers.location).startsWith(`${callback}?code=`)

const artefacts: Readonly<Record<string, Artefact>> = {
  async 'access token at userinfo'(w) {
    const { access_token } = await tokensFor(w, { scope })
    return async () => (await withToken(w, '/userinfo', access_token)).status === 200
  },
  async 'access token at tokeninfo'(w) {
    const { access_token } = await tokensFor(w, { scope })
    return async () => (await withToken(w, '/tokeninfo', access_token)).status === 200
  },
  async 'access token at introspection'(w) {
    const { access_token } = await tokensFor(w, { scope })
    return () => isActive(w, access_token)
  },
  async 'refresh token at introspection'(w) {
    const { refresh_token } = await tokensFor(w, { scope })
    return () => isActive(w, refresh_token)
  },
  async 'refresh token of a confidential client'(w) {
    const { refresh_token } = await tokensFor(w, { scope })
    return async () => (await refresh(w, refresh_token)).status === 200
  },
  async 'refresh token of a public client'(w) {
    const { refresh_token } = await publicTokens(w, { scope })
    const form = { grant_type: 'refresh_token', refresh_token: String(refresh_token) }
    return async () =>
      (await tokenRequest(w, { ...form, client_id: 'myPublicClient' }, {})).status === 200
  },
  async 'what revocation ends'(w) {
    const { refresh_token } = await tokensFor(w, { scope })
    return async () => {
      const before = await w.records.changeCount()
      const headers = { authorization: basic() }
      await post(w, '/token/revoke', { token: String(refresh_token) }, headers)
      return (await w.records.changeCount()) !== before
    }
  },
  async code(w) {
    const code = await codeFor(w, { scope })
    return async () => (await redeem(w, code)).status === 200
  },
  async 'pushed request'(w) {
    const request_uri = await pushed(w)
    return async () => {
      const answer = await (await personNow(w)).get(slimUrl(request_uri))
      return isConsentPage(answer) || sentOn(answer)
    }
  },
  async 'opened interaction'(w) {
    const p = await person(w)
    const page = await p.get(slimUrl(await pushed(w)))
    assert.ok(isConsentPage(page))
    return async () => sentOn(await answerConsent(p, page))
  },
  async 'consent page of a request that was not pushed'(w) {
    const p = await person(w)
    const page = await p.get(authorizeUrl({ client_id: 'myClient', ...pushForm() }))
    assert.ok(isConsentPage(page))
    return async () => sentOn(await answerConsent(p, page))
  },
  async session(w) {
    const p = await person(w)
    return async () => {
      const target = `${json}/sessions?_action=validate`
      const headers = { 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' }
      const response = await p.post(target, '', headers)
      return bodyOf(response).valid === true
    }
  },
  async 'step of a login'(w) {
    const target = `${json}/authenticate`
    const headers = { 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' }
    const b = browser(w)
    const asked = bodyOf(await b.post(target, '', headers))
    const callbacks = [
      { type: 'NameCallback', input: [{ name: 'IDToken1', value: 'demo' }] },
      { type: 'PasswordCallback', input: [{ name: 'IDToken2', value: 'Ch4ng31t' }] },
    ]
    const body = JSON.stringify({ authId: asked.authId, callbacks })
    return async () => (await b.post(target, body, headers)).status === 200
  },
  async id_token_hint(w) {
    const { id_token } = await tokensFor(w, { scope })
    return async () =>
      (await push(w, pushForm({ scope, id_token_hint: String(id_token) }))).status === 201
  },
  async 'id_token_hint at the end of a session'(w) {
    const { id_token } = await tokensFor(w, { scope })
    const url = `${base}/connect/endSession?id_token_hint=${String(id_token)}`
    return async () => (await browser(w).get(url)).status === 204
  },
  async 'opaque access token'(w) {
    await amendRealm(w, { coreOAuth2Config: { statelessTokensEnabled: false } })
    const { access_token } = await tokensFor(w, { scope })
    await amendRealm(w, { coreOAuth2Config: { statelessTokensEnabled: true } })
    assert.ok(!String(access_token).includes('.'))
    return async () => (await withToken(w, '/userinfo', access_token)).status === 200
  },
  // Last, so that the others are still asked.
  async 'saved consent'(w) {
    const p = await person(w)
    const page = await p.get(slimUrl(await pushed(w)))
    assert.ok(sentOn(await answerConsent(p, page, 'allow', { save_consent: 'on' })))
    return async () => sentOn(await (await personNow(w)).get(slimUrl(await pushed(w))))
  },
}

const ends: Readonly<Record<string, (w: World) => Promise<unknown>>> = {
  'nothing at all': async () => {},
  async 'another client of that id'(w) {
    for (const id of ['myClient', 'myPublicClient']) await clientAgain(w, id)
  },
  'another user of that name': userAgain,
  'another realm of that path': realmAgain,
  'another password': async (w) => {
    const password = await argon2Hash('Ch4ng31t', random(16))
    await changeEndUser(await w.realm(), w.demo.sub, { password })
  },
  async 'another password where grants outlive it'(w) {
    await amendRealm(w, { parapetConfig: { passwordChangeEndsGrants: false } })
    await changeEndUser(await w.realm(), w.demo.sub, { password: w.demo.password.slice(0, -1) })
    await changeEndUser(await w.realm(), w.demo.sub, { password: w.demo.password })
  },
  'the end of all of a user': async (w) => endAllOf(await w.realm(), w.demo.sub),
  'the user’s withdrawal of the application': async (w) => {
    for (const id of ['myClient', 'myPublicClient'])
      await withdrawApplication(await w.realm(), w.demo.sub, id)
  },
  'the user’s withdrawal of another application': async (w) =>
    withdrawApplication(await w.realm(), w.demo.sub, 'another'),
}

/** What does not hang on that id or person: it goes on. */
const everything = Object.keys(artefacts)
const ofRequests = ['pushed request', 'step of a login', 'what revocation ends']
const ofHints = ['id_token_hint', 'id_token_hint at the end of a session']
const ofSessions = [
  'session',
  'opened interaction',
  'consent page of a request that was not pushed',
]
const withoutSessions = everything.filter((name) => !ofSessions.includes(name))
const goesOn: Readonly<Record<string, readonly string[]>> = {
  'nothing at all': everything,
  'another client of that id': ['session', 'step of a login'],
  // A request is the client's; name and password are those of the new account; a hint names nobody.
  'another user of that name': [...ofRequests, ...ofHints],
  'another realm of that path': [],
  'another password': [...ofRequests, ...ofHints],
  'another password where grants outlive it': withoutSessions,
  'the end of all of a user': [...ofRequests, ...ofHints],
  // The user's own browser may go on and allow it again.
  'the user’s withdrawal of the application': [...ofRequests, ...ofHints, ...ofSessions],
  'the user’s withdrawal of another application': everything,
}

for (const [name, end] of Object.entries(ends)) {
  test(`C-37 RFC 7592 §2.3 after ${name} only what does not hang on it serves`, async () => {
    const w = await world()
    const uses: [string, () => Promise<boolean>][] = []
    for (const [artefact, make] of Object.entries(artefacts)) uses.push([artefact, await make(w)])
    await end(w)
    const served: string[] = []
    for (const [artefact, use] of uses) if (await use()) served.push(artefact)
    assert.deepEqual(served.sort(), [...(goesOn[name] ?? [])].sort())
  })
}

test('C-37 what was issued to the new client of that id serves it', async () => {
  const w = await world()
  await tokensFor(w, { scope })
  await clientAgain(w, 'myClient')
  const { access_token, refresh_token } = await tokensFor(w, { scope })
  assert.equal((await withToken(w, '/userinfo', access_token)).status, 200)
  assert.equal((await refresh(w, refresh_token)).status, 200)
})
