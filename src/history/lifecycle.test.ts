import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { browser } from '../../test/browser.ts'
import { answerConsent, codeFor, person, redeem, slimUrl, tokenRequest } from '../../test/flow.ts'
import { recordedWorld, stepsOf } from '../../test/history.ts'
import { post, register, secret } from '../../test/register.ts'
import { sources } from '../../test/source.ts'
import { basic, callback, pushed, pushForm, verifier } from '../../test/world.ts'
import { random } from '../base/random.ts'
import { type Client, findClient } from '../client/client.ts'
import { deleteClient } from '../client/registration.ts'
import { createRealm, realms as openRealms } from '../realm/realms.ts'
import { removeRealm } from '../realm/removal.ts'
import { explain } from './explain.ts'
import { startRecorder } from './recorder.ts'
import { stepTexts } from './step.ts'

const w = await recordedWorld()
after(() => w.recorder.stop())
await register(w, 'other')

/** What happens to a push or its code, and what is told then. */
const cases: readonly {
  readonly name: string
  readonly act: () => Promise<string>
  readonly steps: string
  readonly state: string
  readonly error?: string
}[] = [
  {
    name: 'opened, and left there',
    async act() {
      const request_uri = await pushed(w)
      await browser(w).get(slimUrl(request_uri))
      return request_uri
    },
    steps: 'pushed opened',
    state: 'opened',
  },
  {
    name: 'denied by the user',
    async act() {
      const request_uri = await pushed(w)
      const p = await person(w)
      await answerConsent(p, await p.get(slimUrl(request_uri)), 'deny')
      return request_uri
    },
    steps: 'pushed held consent_shown denied refused',
    state: 'denied',
    error: 'access_denied',
  },
  {
    name: 'opened in another browser after it belonged to one',
    async act() {
      const request_uri = await pushed(w)
      await (await person(w)).get(slimUrl(request_uri))
      await browser(w).get(slimUrl(request_uri))
      return request_uri
    },
    steps: 'pushed held consent_shown refused',
    state: 'opened',
    error: 'invalid_request_uri',
  },
  {
    name: 'a wrong verifier, and then the right one',
    async act() {
      const code = await codeFor(w)
      await redeem(w, code, { code_verifier: 'x'.repeat(43) })
      await redeem(w, code)
      return code
    },
    steps: 'pushed consent_given code wrong_verifier refused redeemed',
    state: 'redeemed',
  },
  {
    name: 'a code used twice',
    async act() {
      const code = await codeFor(w)
      await redeem(w, code)
      await redeem(w, code)
      return code
    },
    steps: 'pushed consent_given code redeemed ended refused',
    state: 'ended',
    error: 'invalid_grant',
  },
  {
    name: 'a code that another client brought',
    async act() {
      const code = await codeFor(w)
      const form = { grant_type: 'authorization_code', code, redirect_uri: callback }
      const headers = { authorization: basic('other', secret) }
      await tokenRequest(w, { ...form, code_verifier: verifier }, headers)
      return code
    },
    steps: 'pushed consent_given code refused',
    state: 'issued',
    error: 'invalid_grant',
  },
]

for (const { name, act, steps, state, error } of cases) {
  test(`history tells: ${name}`, async () => {
    const told = await w.explain({ token: await act() })
    assert.equal(stepsOf(told), steps)
    assert.deepEqual([told?.state, told?.complete, told?.stopped?.error], [state, true, error])
  })
}

test('any process on a store answers for all, and so does one that starts later', async () => {
  const records = { ...w.records }
  const shared = { settings: w.settings, records, random, fetch }
  const now = (): number => w.clock.now
  const { handleKeys } = await w.realm()
  const realms = openRealms({ ...shared, handleKeys, now, timeOfDay: now })
  const limits = { client: 10, realm: 10 }
  const second = startRecorder({ records, realms, random }, limits, () => w.clock.now * 1000)
  const request_uri = await pushed(w)
  await w.recorder.flush()
  const realm = await realms.find({ path: '/alpha', url: '', issuer: '' })
  assert.ok(realm !== undefined)
  assert.equal(stepsOf(await explain(realm, { token: request_uri })), 'pushed')
  await second.stop()
})

test('C-37 a client that is made again under the id of another is told nothing of that one’s', async () => {
  const at = await recordedWorld()
  const request_uri = await pushed(at)
  const realm = await at.realm()
  const before = await findClient(realm, 'myClient')
  assert.ok((await at.explain({ token: request_uri }, { client: before })) !== undefined)
  await deleteClient(realm, 'myClient', (before as Client).version)
  await register(at, 'myClient')
  const client = await findClient(realm, 'myClient')
  assert.equal(await at.explain({ token: request_uri }, { client }), undefined)
  at.clock.now += 700
  assert.equal(await at.explain({ token: request_uri }, { client }), undefined)
  assert.equal(stepsOf(await at.explain({ token: request_uri })), 'pushed')
  await at.recorder.stop()
})

test('C-37 what was kept of a realm is not told by a later one of its path', async () => {
  const at = await recordedWorld()
  const headers = { authorization: basic(), 'x-request-id': 'in-the-earlier-realm' }
  await post(at, '/par', pushForm(), headers)
  const asked = { request: 'in-the-earlier-realm' }
  assert.equal(stepsOf(await at.explain(asked)), 'pushed')
  assert.equal(await removeRealm(at.settings, '/alpha'), 'removed')
  assert.ok(await createRealm(at.settings, { path: '/alpha', aliases: [], document: {} }))
  assert.equal(await at.explain(asked), undefined)
  await at.recorder.stop()
})

test('every step that is told has its words', () => {
  const told = sources('src/**/*.ts')
    .filter(({ path }) => !path.endsWith('.test.ts') && !path.includes('src/store/'))
    .flatMap(({ text }) => [
      ...text.matchAll(/\b(?:tell|tellStep|moveOn|write)\((?:\w+, )*'([a-z_]+)'/g),
    ])
    .map(([, name]) => String(name))
  assert.ok(told.length >= 10, told.join(' '))
  assert.deepEqual(
    told.filter((name) => !Object.hasOwn(stepTexts, name)),
    [],
  )
})
