import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller, callWith } from '../../../test/administrator.ts'
import { amend, amendRealm } from '../../../test/amend.ts'
import { person, refresh, somebody, tokensFor, withToken } from '../../../test/flow.ts'
import { bodyOf, world } from '../../../test/world.ts'

const version = { 'accept-api-version': 'protocol=1.0,resource=1.1' }
const w = await world()
const { call: admin } = await caller(w, '/', ['admin'])
const own = await person(w)
const ownCall = callWith(w, { iplanetdirectorypro: own.session.token })
const path = `/users/${w.demo.sub}/oauth2/applications`
const all = '?_queryFilter=true'

test('PingAM: rest-api-oauth2-applications-endpoint a user’s applications, as AM lists them', async () => {
  await amend(w, 'myClient', {
    coreOAuth2ClientConfig: { scopes: ['openid', 'write|en|Write things', 'write|de|Schreiben'] },
    advancedOAuth2ClientConfig: { name: ['My app'], logoUri: ['https://www.example.com/logo.png'] },
  })
  const empty = await ownCall('GET', path + all, undefined, version)
  assert.deepEqual(bodyOf(empty), {
    result: [],
    resultCount: 0,
    pagedResultsCookie: null,
    totalPagedResultsPolicy: 'NONE',
    totalPagedResults: -1,
    remainingPagedResults: -1,
  })
  await tokensFor(w, { scope: 'openid write' })
  const answers = await Promise.all([
    ownCall('GET', path + all, undefined, version),
    admin('GET', path + all, undefined, version),
    admin('GET', `/users/demo/oauth2/applications${all}`, undefined, version),
    admin('GET', `${path}/${all}`, undefined, version),
  ])
  for (const answer of answers) {
    const { result } = bodyOf(answer) as { result: Record<string, unknown>[] }
    const { _rev, ...item } = result[0] ?? assert.fail(String(answer.body))
    assert.equal(typeof _rev, 'string')
    assert.deepEqual(item, {
      _id: 'myClient',
      name: 'My app',
      scopes: { openid: 'openid', write: 'Write things' },
      expiryDateTime: null,
      logoUri: 'https://www.example.com/logo.png',
    })
  }
  const german = await ownCall('GET', path, undefined, { ...version, 'accept-language': 'de' })
  assert.match(String(german.body), /"write":"Schreiben"/)
  const one = await admin('GET', `${path}/myClient`, undefined, version)
  assert.equal(bodyOf(one)._id, 'myClient')
})

test('PingAM: rest-api-oauth2-applications-endpoint where nothing can be refreshed the last token tells the end', async () => {
  const user = await somebody(w)
  await amendRealm(w, { coreOAuth2Config: { issueRefreshToken: false } })
  await tokensFor(w, { scope: 'openid' }, await person(w, { user }))
  await amendRealm(w, { coreOAuth2Config: { issueRefreshToken: true } })
  const answer = await admin('GET', `/users/${user.sub}/oauth2/applications`, undefined, version)
  assert.match(String(answer.body), /"expiryDateTime":"2027-01-15T09:00:00Z"/)
})

test('PingAM: rest-api-oauth2-applications-endpoint whoever withdraws one ends its tokens; another time there is none', async () => {
  for (const call of [ownCall, admin]) {
    const { access_token, refresh_token } = await tokensFor(w, { scope: 'openid' }, own)
    const answer = await call('DELETE', `${path}/myClient`, undefined, version)
    assert.equal(answer.status, 200, String(answer.body))
    assert.equal(bodyOf(answer)._id, 'myClient')
    assert.equal((await withToken(w, '/userinfo', access_token)).status, 401)
    assert.equal(bodyOf(await refresh(w, refresh_token)).error, 'invalid_grant')
    assert.equal((await call('DELETE', `${path}/myClient`, undefined, version)).status, 404)
  }
  assert.equal((await admin('GET', `${path}/myClient`, undefined, version)).status, 404)
  const { status } = await callWith(w, { iplanetdirectorypro: own.session.token })('GET', path)
  assert.equal(status, 200)
})

test('C-29 what a user allowed is told to the user and to administrators, and to nobody else', async () => {
  await tokensFor(w, { scope: 'openid' })
  const other = await person(w, { user: await somebody(w) })
  const calls = [
    [callWith(w, { iplanetdirectorypro: other.session.token }), 403],
    [callWith(w, {}), 401],
    [(await caller(w, '/bravo', ['admin'])).call, 403],
  ] as const
  for (const [call, status] of calls)
    for (const [method, at] of [
      ['GET', path + all],
      ['GET', `${path}/myClient`],
      ['DELETE', `${path}/myClient`],
      ['GET', '/users/nobody/oauth2/applications'],
    ] as const)
      assert.equal((await call(method, at, undefined, version)).status, status, `${method} ${at}`)
  const wrong = [
    ['POST', path, 405],
    ['PUT', `${path}/myClient`, 405],
    ['GET', '/users/nobody/oauth2/applications', 404],
    ['GET', `${path}/myClient/more`, 404],
    ['GET', `${path}/%zz`, 404],
    ['GET', `/users/${w.demo.sub}/oauth2`, 404],
  ] as const
  for (const [method, at, status] of wrong)
    assert.equal((await admin(method, at, {}, version)).status, status, `${method} ${at}`)
  assert.equal((await admin('GET', `${path}/myClient`, undefined, version)).status, 200)
})
