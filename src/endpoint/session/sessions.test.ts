import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { People } from '../../../test/people.ts'
import { people, request, setCookies, start } from '../../../test/people.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Session } from '../../session/session.ts'
import { createSession, readSession } from '../../session/session.ts'
import { sessions } from './sessions.ts'

const version = { 'accept-api-version': 'resource=4.0' }
const typed = { ...version, 'content-type': 'application/json' }

async function signedIn(): Promise<People & { session: Session }> {
  const all = await people()
  return { ...all, session: await createSession(all.alpha, all.demo, 'Login') }
}

async function call(
  realm: Realm,
  action: string,
  headers: Record<string, string>,
  body = '',
): Promise<HttpResponse & { text: string }> {
  const http = request('POST', `/sessions/?_action=${action}`, headers, body)
  const response = await sessions.handle(realm, http)
  return { ...response, text: String(response.body) }
}

test('PingAM: getSessionInfo tells whose session it is and how long, byte for byte', async () => {
  const { alpha, demo, session } = await signedIn()
  const answer = await call(
    alpha,
    'getSessionInfo',
    typed,
    JSON.stringify({ tokenId: session.token }),
  )
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['content-api-version'], 'resource=4.0')
  assert.equal(
    answer.text,
    `{"username":"demo","universalId":"id=${demo.sub},ou=user,o=alpha,ou=services,ou=am-config","realm":"/alpha",` +
      `"latestAccessTime":"2027-01-15T08:00:00Z","maxIdleExpirationTime":"2027-01-15T08:30:00Z",` +
      `"maxSessionExpirationTime":"2027-01-15T10:00:00Z","properties":{"AMCtxId":"${session.sid}"}}`,
  )
  assert.doesNotMatch(answer.text, new RegExp(session.token))
})

test('PingAM: the token is read from the body, a header named like the cookie, or the cookie', async () => {
  const { alpha, session } = await signedIn()
  const { token } = session
  const ways: [Record<string, string>, string][] = [
    [typed, JSON.stringify({ tokenId: token })],
    [{ ...version, iplanetdirectorypro: token }, ''],
    [{ ...version, cookie: `iPlanetDirectoryPro=${token}` }, ''],
    [{ ...typed, cookie: 'iPlanetDirectoryPro=other' }, JSON.stringify({ tokenId: token })],
  ]
  for (const [headers, body] of ways) {
    assert.equal((await call(alpha, 'getSessionInfo', headers, body)).status, 200)
  }
  const body = JSON.stringify({ tokenId: 'other' })
  const wrong = await call(
    alpha,
    'getSessionInfo',
    { ...typed, cookie: `iPlanetDirectoryPro=${token}` },
    body,
  )
  assert.equal(wrong.status, 401)
})

test('C-38 every action works on the session the token names, whichever realm the URL names', async () => {
  const all = await people()
  const { alpha, root, clock } = all
  const elsewhere = { ...alpha, path: '/bravo/charlie' }
  for (const realm of [alpha, root, elsewhere]) {
    for (const [home, user] of [
      [alpha, all.demo],
      [root, all.admin],
    ] as const) {
      const session = await createSession(home, user, 'Login')
      const body = JSON.stringify({ tokenId: session.token })
      const told = JSON.parse((await call(realm, 'getSessionInfo', typed, body)).text)
      assert.deepEqual([told.username, told.realm], [user.username, home.path])
      const under = home === alpha ? 'o=alpha,ou=services,' : ''
      assert.equal(told.universalId, `id=${user.sub},ou=user,${under}ou=am-config`)
      clock.now += 100
      const reset = await call(realm, 'getSessionInfoAndResetIdleTime', typed, body)
      assert.equal(reset.status, 200)
      assert.equal((await readSession(home, session.token))?.last_access, clock.now)
      const {
        valid,
        uid,
        realm: path,
      } = JSON.parse((await call(realm, 'validate', typed, body)).text)
      assert.deepEqual([valid, uid, path], [true, user.username, home.path])
      const out = await call(realm, 'logout', typed, body)
      assert.equal(out.text, '{"result":"Successfully logged out"}')
      assert.equal(await readSession(home, session.token), undefined)
      assert.equal((await call(realm, 'validate', typed, body)).text, '{"valid":false}')
    }
  }
})

test('C-38 the key of a session without its proof opens nothing, in no realm', async () => {
  const { alpha, root, session } = await signedIn()
  const raw = Buffer.from(session.token, 'base64url')
  const tokenId = Buffer.concat([raw.subarray(0, 16), Buffer.alloc(16)]).toString('base64url')
  for (const realm of [alpha, root]) {
    const body = JSON.stringify({ tokenId })
    assert.equal((await call(realm, 'getSessionInfo', typed, body)).status, 401)
    assert.equal((await call(realm, 'validate', typed, body)).text, '{"valid":false}')
    assert.equal((await call(realm, 'logout', typed, body)).text, '{"result":"Token has expired"}')
  }
  assert.ok(await readSession(alpha, session.token))
})

test('PingAM: an unknown or missing token is 401 Access Denied', async () => {
  const { alpha } = await signedIn()
  for (const body of ['', '{}', '{"tokenId":"x"}', '{"tokenId":7}', '{"tokenId":null}']) {
    const answer = await call(alpha, 'getSessionInfo', typed, body)
    assert.equal(answer.status, 401)
    assert.equal(answer.text, '{"code":401,"reason":"Unauthorized","message":"Access Denied"}')
  }
})

test('PingAM: asking is no use of a session, getSessionInfoAndResetIdleTime and validate are', async () => {
  const { alpha, session, clock } = await signedIn()
  const body = JSON.stringify({ tokenId: session.token })
  const seen = async () => (await readSession(alpha, session.token))?.last_access
  clock.now = start + 600
  await call(alpha, 'getSessionInfo', typed, body)
  assert.equal(await seen(), start)
  const reset = JSON.parse((await call(alpha, 'getSessionInfoAndResetIdleTime', typed, body)).text)
  assert.equal(reset.latestAccessTime, '2027-01-15T08:10:00Z')
  assert.equal(await seen(), start + 600)
  clock.now = start + 1200
  await call(alpha, 'validate', typed, body)
  assert.equal(await seen(), start + 1200)
})

test('PingAM: validate', async () => {
  const { alpha, session } = await signedIn()
  const valid = await call(alpha, 'validate', typed, JSON.stringify({ tokenId: session.token }))
  assert.equal(
    valid.text,
    `{"valid":true,"sessionUid":"${session.sid}","uid":"demo","realm":"/alpha"}`,
  )
  const other = await call(alpha, 'validate', typed, '{"tokenId":"x"}')
  assert.deepEqual([other.status, other.text], [200, '{"valid":false}'])
})

test('PingAM: B-2 logout ends the session and takes the cookie, and says so when there was none', async () => {
  const { alpha, session } = await signedIn()
  const headers = {
    'accept-api-version': 'protocol=1.0,resource=2.0',
    'x-requested-with': 'forgerock-sdk',
    cookie: `iPlanetDirectoryPro=${session.token}`,
  }
  const out = await call(alpha, 'logout', headers)
  assert.deepEqual([out.status, out.text], [200, '{"result":"Successfully logged out"}'])
  assert.match(
    setCookies(out).get('iPlanetDirectoryPro') ?? '',
    /^iPlanetDirectoryPro=; Max-Age=0;/,
  )
  assert.equal(await readSession(alpha, session.token), undefined)
  const again = await call(alpha, 'logout', headers)
  assert.deepEqual([again.status, again.text], [200, '{"result":"Token has expired"}'])
  const { cookie: _, ...stranger } = headers
  assert.equal((await call(alpha, 'logout', stranger)).status, 200)
})

test('PingAM: logging out another session by its token leaves this browser’s cookie', async () => {
  const { alpha, demo, session } = await signedIn()
  const own = await createSession(alpha, demo, 'Login')
  const headers = { ...typed, cookie: `iPlanetDirectoryPro=${own.token}` }
  const out = await call(alpha, 'logout', headers, JSON.stringify({ tokenId: session.token }))
  assert.equal(out.text, '{"result":"Successfully logged out"}')
  assert.equal(out.headers['set-cookie'], undefined)
  assert.ok(await readSession(alpha, own.token))
})

test('C-38 an administrator who logs somebody out stays logged in, however the other was named', async () => {
  const { alpha, root, admin, demo } = await signedIn()
  const own = await createSession(root, admin, 'Login')
  const callers = [
    { iplanetdirectorypro: own.token },
    { cookie: `iPlanetDirectoryPro=${own.token}` },
  ]
  const named = async (): Promise<string> => (await createSession(alpha, demo, 'Login')).token
  const token = await named()
  const ways: [query: string, body: string, result: string][] = [
    ['', JSON.stringify({ tokenId: await named() }), 'Successfully logged out'],
    [`&tokenId=${token}`, '', 'Successfully logged out'],
    [`&tokenId=${token}`, '{}', 'Token has expired'],
    ['&tokenId=nobody', '', 'Token has expired'],
    ['&tokenId=', '', 'Token has expired'],
    ['&tokenId', '{}', 'Token has expired'],
    ['', '{"tokenId":""}', 'Token has expired'],
    ['', '{"tokenId":null}', 'Token has expired'],
    ['', '{"tokenId":7}', 'Token has expired'],
    ['', '{"tokenId":["x"]}', 'Token has expired'],
    ['', `{"tokenId":"${token}"}`, 'Token has expired'],
  ]
  for (const [query, body, result] of ways) {
    for (const [i, caller] of callers.entries()) {
      const out = await call(root, `logout${query}`, { ...typed, ...caller }, body)
      const fresh = i === 0 ? result : 'Token has expired'
      assert.deepEqual([out.status, JSON.parse(out.text).result], [200, fresh], query + body)
      assert.equal(out.headers['set-cookie'], undefined, query + body)
      assert.ok(await readSession(root, own.token), query + body)
    }
  }
})

test('B-7 two headers named like the cookie present nobody', async () => {
  const { alpha, session } = await signedIn()
  const headers = { ...version, iplanetdirectorypro: session.token }
  const twice = ['iPlanetDirectoryPro', session.token, 'iPlanetDirectoryPro', session.token]
  const http = request('POST', '/sessions?_action=logout', headers, '', { rawHeaders: twice })
  assert.equal((await sessions.handle(alpha, http)).body, '{"result":"Token has expired"}')
  assert.ok(await readSession(alpha, session.token))
})

test('PingAM: rest-api-csrf logout by a form of another site is refused', async () => {
  const { alpha, session } = await signedIn()
  const headers = { cookie: `iPlanetDirectoryPro=${session.token}`, 'content-type': 'text/plain' }
  assert.equal((await call(alpha, 'logout', headers)).status, 403)
  assert.ok(await readSession(alpha, session.token))
})

test('X-2 T-8 an unknown action is refused and not repeated', async () => {
  const { alpha } = await signedIn()
  for (const action of ['', 'nonsense', '__proto__', 'constructor', '%3Cscript%3E']) {
    const answer = await call(alpha, action, version)
    assert.equal(answer.status, 400)
    assert.equal(answer.text, '{"code":400,"reason":"Bad Request","message":"Unknown action"}')
  }
})
