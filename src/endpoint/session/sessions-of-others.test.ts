import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Call } from '../../../test/administrator.ts'
import { caller, callWith } from '../../../test/administrator.ts'
import { amendRealm } from '../../../test/amend.ts'
import { person, tokensFor, withToken } from '../../../test/flow.ts'
import type { World } from '../../../test/world.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'
import { createSession, readSession } from '../../session/session.ts'
import { createEndUser } from '../../user/end-user.ts'

const root = `${origin}/am/json/sessions`
const alpha = '/sessions'
const filter = (text: string): string => `?_queryFilter=${encodeURIComponent(text)}`
const version = { 'accept-api-version': 'resource=5.1' }

interface Listed {
  readonly result: readonly Readonly<Record<string, string>>[]
  readonly resultCount: number
}

async function list(call: Call, url: string, text: string): Promise<Listed> {
  const response = await call('GET', url + filter(text), undefined, version)
  assert.equal(response.status, 200, String(response.body))
  return bodyOf(response) as unknown as Listed
}

const w: World = await world()
const { call: ofRoot } = await caller(w, '/', ['admin'])
const { call: ofAlpha } = await caller(w, '/alpha', ['admin'])
const { call: ofNobody } = await caller(w, '/alpha', [])

test('PingAM: managing-sessions-REST an administrator lists a user’s sessions, in AM’s words', async () => {
  const { session } = await person(w)
  const asked = 'username eq "demo" and realm eq "/alpha"'
  const { result, resultCount } = await list(ofRoot, root, asked)
  assert.equal(resultCount, 1)
  assert.deepEqual(result[0], {
    username: 'demo',
    universalId: `id=${w.demo.sub},ou=user,o=alpha,ou=services,ou=am-config`,
    realm: '/alpha',
    latestAccessTime: '2027-01-15T08:00:00Z',
    maxIdleExpirationTime: '2027-01-15T08:30:00Z',
    maxSessionExpirationTime: '2027-01-15T10:00:00Z',
    sessionHandle: `shandle:${session.sid}`,
  })
  for (const text of [asked, 'username eq "demo"', `username eq "${w.demo.sub}"`])
    assert.deepEqual((await list(ofAlpha, alpha, text)).result, result)
  assert.deepEqual(
    (await list(ofRoot, root, 'username eq "nobody" and realm eq "/alpha"')).result,
    [],
  )
  assert.deepEqual((await list(ofRoot, root, 'username eq "demo" and realm eq "/none"')).result, [])
  assert.deepEqual((await list(ofAlpha, alpha, 'username eq "demo" and realm eq "/"')).result, [])
  const unnamed = await ofRoot('GET', root + filter('true'), undefined, version)
  assert.equal(unnamed.status, 400)
})

test('C-29 C-28 sessions of others are nobody’s but administrators’, and no other origin’s', async () => {
  const { session } = await person(w)
  const calls = [
    ['GET', filter('username eq "demo"')],
    ['POST', '?_action=logoutByUser', { username: 'demo' }],
    ['POST', '?_action=logoutByHandle', { sessionHandles: [`shandle:${session.sid}`] }],
  ] as const
  for (const [method, query, body] of calls) {
    assert.equal((await ofNobody(method, alpha + query, body, version)).status, 403)
    assert.equal((await callWith(w, {})(method, alpha + query, body, version)).status, 401)
    assert.equal((await ofAlpha(method, root + query, body, version)).status, 403)
    const elsewhere = { ...version, origin: 'https://app.example' }
    assert.equal((await ofRoot(method, root + query, body, elsewhere)).status, 403)
  }
  assert.ok(await readSession(await w.realm(), session.token))
})

test('PingAM: managing-sessions-REST logoutByHandle ends what is named and tells of each', async () => {
  const [one, two] = [await person(w), await person(w)]
  const handle = `shandle:${one.session.sid}`
  const body = { sessionHandles: [handle, 'shandle:none', '__proto__'] }
  const url = `${alpha}?_action=logoutByHandle`
  const answer = await ofAlpha('POST', url, body, version)
  assert.equal(
    String(answer.body),
    `{"result":{"${handle}":true,"shandle:none":false,"__proto__":false}}`,
  )
  const realm = await w.realm()
  assert.equal(await readSession(realm, one.session.token), undefined)
  assert.ok(await readSession(realm, two.session.token))
  for (const wrong of [{}, { sessionHandles: 'x' }, { sessionHandles: [1] }])
    assert.equal((await ofAlpha('POST', url, wrong, version)).status, 400)
})

test('C-29 an administrator of a realm ends no session of a realm beside or above', async () => {
  const realm = await w.realm('/')
  const operator =
    (await createEndUser(realm, { username: 'operator', password: '' })) ?? assert.fail()
  const session = await createSession(realm, operator, 'Login')
  const handle = `shandle:${session.sid}`
  const url = `${alpha}?_action=logoutByHandle`
  const answer = bodyOf(await ofAlpha('POST', url, { sessionHandles: [handle] }, version))
  assert.deepEqual(answer, { result: { [handle]: false } })
  assert.ok(await readSession(realm, session.token))
})

test('PingAM: managing-sessions-REST logoutByUser ends all of a user’s sessions by one write, and no token', async () => {
  const one = await person(w)
  const { access_token } = await tokensFor(w, { scope: 'openid' }, one)
  const two = await person(w)
  const url = `${alpha}?_action=logoutByUser`
  const before = await w.settings.changeCount()
  const answer = await ofAlpha('POST', url, { username: 'demo' }, version)
  assert.deepEqual(bodyOf(answer), { result: true })
  assert.equal(await w.settings.changeCount(), before + 1)
  for (const { session } of [one, two])
    assert.equal(await readSession(await w.realm(), session.token), undefined)
  assert.equal((await withToken(w, '/userinfo', access_token)).status, 200)
  assert.deepEqual((await list(ofAlpha, alpha, 'username eq "demo"')).result, [])
  const nobody = await ofAlpha('POST', url, { username: 'nobody' }, version)
  assert.deepEqual(bodyOf(nobody), { result: false })
  assert.equal((await ofAlpha('POST', url, {}, version)).status, 400)
})

test('PingAM: managing-sessions-REST properties are those the realm lists, all or none, and live with their session', async () => {
  await amendRealm(w, { parapetConfig: { sessionPropertyWhitelist: ['cart', 'theme'] } })
  const { session } = await person(w)
  const call = callWith(w, { iplanetdirectorypro: session.token })
  const act = (action: string, body?: unknown, url = root) =>
    call('POST', `${url}?_action=${action}`, body, version)
  for (const url of [root, alpha])
    assert.equal(
      String((await act('getSessionProperties', {}, url)).body),
      '{"cart":"","theme":""}',
    )
  const good = { theme: 'dark', cart: '7' }
  assert.deepEqual(bodyOf(await act('updateSessionProperties', good)), good)
  const wrong: readonly (readonly [unknown, number])[] = [
    [{ theme: 'dark' }, 403],
    [{ ...good, more: 'x' }, 403],
    [{ theme: 'dark', more: 'x' }, 403],
    [{}, 403],
    [{ ...good, cart: 7 }, 400],
    [{ ...good, cart: 'x'.repeat(1025) }, 400],
  ]
  for (const [body, status] of wrong)
    assert.equal((await act('updateSessionProperties', body)).status, status, JSON.stringify(body))
  w.clock.now += 600
  await act('getSessionInfoAndResetIdleTime', {})
  assert.deepEqual(bodyOf(await act('getSessionProperties', {})), { cart: '7', theme: 'dark' })
  const none = callWith(w, {})
  for (const action of ['getSessionProperties', 'updateSessionProperties'])
    assert.equal((await none('POST', `${root}?_action=${action}`, {}, version)).status, 401)
})

test('PingAM: managing-sessions-REST what a login has proven is set by no client, whatever the realm lists', async () => {
  await amendRealm(w, { parapetConfig: { sessionPropertyWhitelist: ['AuthLevel'] } })
  const { session } = await person(w)
  const call = callWith(w, { iplanetdirectorypro: session.token })
  const url = `${root}?_action=updateSessionProperties`
  assert.equal((await call('POST', url, { AuthLevel: '9' }, version)).status, 403)
  const { properties } = (await readSession(await w.realm(), session.token)) ?? {}
  assert.deepEqual(properties, {})
})

test('PingAM: managing-sessions-REST refresh begins the idle time again and tells what is left', async () => {
  const { session } = await person(w)
  const act = (): Promise<unknown> =>
    callWith(w, {})('POST', `${root}?_action=refresh`, { tokenId: session.token }, version).then(
      bodyOf,
    )
  w.clock.now += 1700
  const told = { uid: 'demo', realm: '/alpha', idletime: 0, maxidletime: 30, maxsessiontime: 120 }
  assert.deepEqual(await act(), { ...told, maxtime: 5500 })
  w.clock.now += 1700
  assert.deepEqual(await act(), { ...told, maxtime: 3800 })
  w.clock.now += 1801
  assert.deepEqual(await act(), { valid: false })
})
