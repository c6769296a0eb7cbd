import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientAgain } from '../../test/again.ts'
import { amendRealm } from '../../test/amend.ts'
import type { Person } from '../../test/flow.ts'
import {
  answerConsent,
  authorizeUrl,
  person,
  refresh,
  slimUrl,
  somebody,
  tokensFor,
  withToken,
} from '../../test/flow.ts'
import { bodyOf, callback, push, pushed, pushForm, world } from '../../test/world.ts'
import type { Store } from '../store/store.ts'
import { endAllOf } from '../user/epoch.ts'
import type { AllowedApplication } from './applications.ts'
import { applicationsOf, takeBack } from './applications.ts'

/** Writes of what an application was noted to be allowed, and whether they fail. */
const noted: string[] = []
let failing = false
const watched = (store: Store): Store => ({
  ...store,
  async insert(key, ...rest) {
    if (key.startsWith('grant/')) {
      if (failing) throw new Error('no space')
      noted.push('insert')
    }
    return store.insert(key, ...rest)
  },
  async replace(key, ...rest) {
    if (key.startsWith('grant/')) noted.push('replace')
    return store.replace(key, ...rest)
  },
})

const w = await world({ records: watched })
const scope = 'openid write'
/** The browser of somebody who allowed nothing yet. */
const newcomer = async (): Promise<Person> => person(w, { user: await somebody(w) })

async function allowed(p: Person): Promise<readonly Omit<AllowedApplication, 'client'>[]> {
  const found = await applicationsOf(await w.realm(), p.session.sub)
  return found.map(({ scope, claims, since, until }) => ({ scope, claims, since, until }))
}

test('an application is listed once it was issued a token, with all it may do and since when', async () => {
  const p = await newcomer()
  const { now } = w.clock
  await push(w, pushForm({ scope }))
  assert.deepEqual(await allowed(p), [])
  await tokensFor(w, { scope: 'write' }, p)
  w.clock.now += 100
  await tokensFor(w, { scope }, p)
  const [one, ...more] = await allowed(p)
  assert.deepEqual(more, [])
  const { scope: both, ...rest } = one ?? assert.fail()
  assert.deepEqual([...both].sort(), ['openid', 'write'])
  assert.deepEqual(rest, { claims: [], since: now, until: undefined })
})

test('where no refresh token is issued an application is listed until its last token ends', async () => {
  const p = await newcomer()
  await amendRealm(w, { coreOAuth2Config: { issueRefreshToken: false, accessTokenLifetime: 600 } })
  await tokensFor(w, {}, p)
  await amendRealm(w, { coreOAuth2Config: { issueRefreshToken: true } })
  const [one] = await allowed(p)
  assert.equal(one?.until, w.clock.now + 600)
  w.clock.now += 599
  assert.equal((await allowed(p)).length, 1)
  w.clock.now += 62
  assert.deepEqual(await allowed(p), [])
})

test('a refresh keeps an application listed', async () => {
  const p = await newcomer()
  await amendRealm(w, {
    coreOAuth2Config: { refreshTokenLifetime: 1000, accessTokenLifetime: 100 },
  })
  let { refresh_token } = await tokensFor(w, {}, p)
  for (let i = 0; i < 3; i += 1) {
    w.clock.now += 900
    const answer = bodyOf(await refresh(w, refresh_token))
    refresh_token = answer.refresh_token ?? refresh_token
    assert.equal((await allowed(p)).length, 1)
  }
  w.clock.now += 1061
  assert.deepEqual(await allowed(p), [])
})

test('tokens that come without a code count as well', async () => {
  const p = await newcomer()
  const parameters = { response_type: 'token', redirect_uri: callback, scope: 'write' }
  const page = await p.get(authorizeUrl({ client_id: 'myClient', ...parameters, state: 'x' }))
  await answerConsent(p, page)
  assert.deepEqual(
    (await allowed(p)).map((each) => each.scope),
    [['write']],
  )
})

test('a saved consent is listed also where no token lives', async () => {
  const p = await newcomer()
  const page = await p.get(slimUrl(await pushed(w)))
  await answerConsent(p, page, 'allow', { save_consent: 'on' })
  const since = w.clock.now
  w.clock.now += 60
  assert.deepEqual(await allowed(p), [{ scope: ['write'], claims: [], since, until: undefined }])
})

test('C-37 an application that is withdrawn has no token, no consent and no entry any more', async () => {
  const p = await newcomer()
  const realm = await w.realm()
  const { sub } = p.session
  const tokens = await tokensFor(w, { scope }, p)
  assert.equal((await withToken(w, '/userinfo', tokens.access_token)).status, 200)
  assert.equal(await takeBack(realm, sub, 'myClient', sub), true)
  assert.equal((await withToken(w, '/userinfo', tokens.access_token)).status, 401)
  assert.equal(bodyOf(await refresh(w, tokens.refresh_token)).error, 'invalid_grant')
  assert.deepEqual(await allowed(p), [])
  for (const id of ['myClient', 'nobody', '__proto__', '\ud800'])
    assert.equal(await takeBack(realm, sub, id, sub), false)
  await tokensFor(w, { scope }, p)
  assert.equal((await allowed(p)).length, 1)
})

test('noting an application costs one write, then none for a minute, and hinders nobody where it fails', async () => {
  const p = await newcomer()
  noted.length = 0
  failing = true
  assert.ok((await tokensFor(w, {}, p)).access_token)
  assert.deepEqual(await allowed(p), [])
  failing = false
  for (let i = 0; i < 4; i += 1) {
    w.clock.now += 20
    await tokensFor(w, {}, p)
  }
  assert.deepEqual(noted, ['insert'])
  w.clock.now += 60
  await tokensFor(w, {}, p)
  assert.deepEqual(noted, ['insert', 'replace'])
})

test('C-37 an application is not listed after all of its user was ended, nor for another client of its id', async () => {
  const [ended, other] = [await newcomer(), await newcomer()]
  for (const p of [ended, other]) await tokensFor(w, { scope }, p)
  await endAllOf(await w.realm(), ended.session.sub)
  assert.deepEqual([(await allowed(ended)).length, (await allowed(other)).length], [0, 1])
  await clientAgain(w, 'myClient')
  assert.deepEqual(await allowed(other), [])
})

test('what is allowed anew while it is being taken back stays: it lives, is listed, and can be taken back', async () => {
  const p = await newcomer()
  const allow = async () => {
    const page = await p.get(slimUrl(await pushed(w, { scope, prompt: 'consent' })))
    await answerConsent(p, page, 'allow', { save_consent: 'on' })
    return tokensFor(w, { scope }, p)
  }
  const { sub } = p.session
  const before = await allow()
  const realm = await w.realm()
  let after: Awaited<ReturnType<typeof allow>> | undefined
  const settings: Store = {
    ...realm.settings,
    async replace(...write) {
      const outcome = await realm.settings.replace(...write)
      // The account says that all is over: from here on what is allowed is new.
      if (outcome === 'won') after ??= await allow()
      return outcome
    },
  }
  assert.equal(await takeBack({ ...realm, settings }, sub, 'myClient', 'a test'), true)
  const { access_token, refresh_token } = after ?? assert.fail('the account was not written')
  assert.equal((await withToken(w, '/userinfo', before.access_token)).status, 401)
  assert.equal((await withToken(w, '/userinfo', access_token)).status, 200)
  assert.equal((await allowed(p)).length, 1)
  const again = await p.get(slimUrl(await pushed(w, { scope })))
  assert.equal(again.status, 302, 'what was saved since is kept')
  assert.equal(await takeBack(await w.realm(), sub, 'myClient', 'a test'), true)
  assert.equal((await refresh(w, refresh_token)).status, 400)
  assert.deepEqual(await allowed(p), [])
})
