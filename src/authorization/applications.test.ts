import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientAgain } from '../../test/again.ts'
import { amendRealm } from '../../test/amend.ts'
import {
  answerConsent,
  authorizeUrl,
  person,
  refresh,
  slimUrl,
  tokensFor,
  withToken,
} from '../../test/flow.ts'
import type { World } from '../../test/world.ts'
import { bodyOf, callback, push, pushed, pushForm, world } from '../../test/world.ts'
import type { Store } from '../store/store.ts'
import { endAllOf } from '../user/epoch.ts'
import type { AllowedApplication } from './applications.ts'
import { applicationsOf, takeBack } from './applications.ts'

async function allowed(w: World): Promise<readonly Omit<AllowedApplication, 'client'>[]> {
  const found = await applicationsOf(await w.realm(), w.demo.sub)
  return found.map(({ scope, claims, since, until }) => ({ scope, claims, since, until }))
}

const scope = 'openid write'

test('an application is listed once it was issued a token, with all it may do and since when', async () => {
  const w = await world()
  const { now } = w.clock
  await push(w, pushForm({ scope }))
  assert.deepEqual(await allowed(w), [])
  await tokensFor(w, { scope: 'write' })
  w.clock.now += 100
  await tokensFor(w, { scope })
  const [one, ...more] = await allowed(w)
  assert.deepEqual(more, [])
  const { scope: both, ...rest } = one ?? assert.fail()
  assert.deepEqual([...both].sort(), ['openid', 'write'])
  assert.deepEqual(rest, { claims: [], since: now, until: undefined })
})

test('where no refresh token is issued an application is listed until its last token ends', async () => {
  const w = await world()
  const document = { coreOAuth2Config: { issueRefreshToken: false, accessTokenLifetime: 600 } }
  await amendRealm(w, document)
  await tokensFor(w)
  const [one] = await allowed(w)
  assert.equal(one?.until, w.clock.now + 600)
  w.clock.now += 599
  assert.equal((await allowed(w)).length, 1)
  w.clock.now += 62
  assert.deepEqual(await allowed(w), [])
})

test('a refresh keeps an application listed', async () => {
  const w = await world()
  await amendRealm(w, {
    coreOAuth2Config: { refreshTokenLifetime: 1000, accessTokenLifetime: 100 },
  })
  let { refresh_token } = await tokensFor(w)
  for (let i = 0; i < 3; i += 1) {
    w.clock.now += 900
    const answer = bodyOf(await refresh(w, refresh_token))
    refresh_token = answer.refresh_token ?? refresh_token
    assert.equal((await allowed(w)).length, 1)
  }
  w.clock.now += 1061
  assert.deepEqual(await allowed(w), [])
})

test('tokens that come without a code count as well', async () => {
  const w = await world()
  const parameters = { response_type: 'token', redirect_uri: callback, scope: 'write' }
  const p = await person(w)
  const page = await p.get(authorizeUrl({ client_id: 'myClient', ...parameters, state: 'x' }))
  await answerConsent(p, page)
  assert.deepEqual(
    (await allowed(w)).map((each) => each.scope),
    [['write']],
  )
})

test('a saved consent is listed also where no token lives', async () => {
  const w = await world()
  const p = await person(w)
  const page = await p.get(slimUrl(await pushed(w)))
  await answerConsent(p, page, 'allow', { save_consent: 'on' })
  w.clock.now += 60
  const since = w.clock.now - 60
  assert.deepEqual(await allowed(w), [{ scope: ['write'], claims: [], since, until: undefined }])
})

test('C-37 an application that is withdrawn has no token, no consent and no entry any more', async () => {
  const w = await world()
  const realm = await w.realm()
  const tokens = await tokensFor(w, { scope })
  assert.equal((await withToken(w, '/userinfo', tokens.access_token)).status, 200)
  assert.equal(await takeBack(realm, w.demo.sub, 'myClient', w.demo.sub), true)
  assert.equal((await withToken(w, '/userinfo', tokens.access_token)).status, 401)
  assert.equal(bodyOf(await refresh(w, tokens.refresh_token)).error, 'invalid_grant')
  assert.deepEqual(await allowed(w), [])
  for (const id of ['myClient', 'nobody', '__proto__', '\ud800'])
    assert.equal(await takeBack(realm, w.demo.sub, id, w.demo.sub), false)
  await tokensFor(w, { scope })
  assert.equal((await allowed(w)).length, 1)
})

test('C-37 an application is not listed after all of its user was ended, nor for another client of its id', async () => {
  const w = await world()
  await tokensFor(w, { scope })
  await clientAgain(w, 'myClient')
  assert.deepEqual(await allowed(w), [])
  const other = await world()
  await tokensFor(other, { scope })
  await endAllOf(await other.realm(), other.demo.sub)
  assert.deepEqual(await allowed(other), [])
})

test('noting an application costs one write, then none for a minute, and hinders nobody where it fails', async () => {
  const writes: string[] = []
  let fail = false
  const counted = (store: Store): Store => ({
    ...store,
    async insert(key, ...rest) {
      if (key.startsWith('grant/')) {
        if (fail) throw new Error('no space')
        writes.push('insert')
      }
      return store.insert(key, ...rest)
    },
    async replace(key, ...rest) {
      if (key.startsWith('grant/')) writes.push('replace')
      return store.replace(key, ...rest)
    },
  })
  const w = await world({ records: counted })
  fail = true
  assert.ok((await tokensFor(w)).access_token)
  assert.deepEqual(await allowed(w), [])
  fail = false
  for (let i = 0; i < 4; i += 1) {
    w.clock.now += 20
    await tokensFor(w)
  }
  assert.deepEqual(writes, ['insert'])
  w.clock.now += 60
  await tokensFor(w)
  assert.deepEqual(writes, ['insert', 'replace'])
})
