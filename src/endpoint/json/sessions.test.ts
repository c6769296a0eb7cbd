import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { People } from '../../../test/people.ts'
import { people, request, setCookies, start } from '../../../test/people.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Session } from '../../subject/session.ts'
import { createSession, readSession } from '../../subject/session.ts'
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

test('PingAM: a root session is told from any realm, another realm’s only from its own', async () => {
  const { alpha, root, admin, session } = await signedIn()
  const above = await createSession(root, admin, 'Login')
  const ask = (realm: Realm, token: string) =>
    call(realm, 'getSessionInfo', typed, JSON.stringify({ tokenId: token }))
  for (const realm of [alpha, root]) {
    const { username, realm: home, universalId } = JSON.parse((await ask(realm, above.token)).text)
    assert.deepEqual([username, home], ['amadmin', '/'])
    assert.equal(universalId, `id=${admin.sub},ou=user,ou=am-config`)
  }
  assert.equal((await ask(root, session.token)).status, 401)
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
