import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people, request } from '../../test/people.ts'
import { currentSession, expiredCookies, sessionCookies } from './cookie.ts'
import { createSession, readSession } from './session.ts'
import { signIn } from './sign-in.ts'

const https = { origin: 'https://as.example' }

test('B-7 the cookie is HttpOnly, for all paths of this host only, and Secure with SameSite=None on https', async () => {
  const { alpha } = await people()
  assert.deepEqual(sessionCookies(alpha, request('GET', '/'), 'token'), [
    'iPlanetDirectoryPro=token; Path=/; HttpOnly; SameSite=Lax',
    'amlbcookie=01; Path=/; HttpOnly; SameSite=Lax',
  ])
  assert.deepEqual(sessionCookies(alpha, request('GET', '/', {}, '', https), 'token'), [
    'iPlanetDirectoryPro=token; Path=/; Secure; HttpOnly; SameSite=None',
    'amlbcookie=01; Path=/; Secure; HttpOnly; SameSite=None',
  ])
})

test('PingAM: the cookie has the realm’s name for it, and goes by the same name', async () => {
  const { alpha } = await people({ cookieName: '6ac6499e9da2071' })
  const set = sessionCookies(alpha, request('GET', '/'), 'token')
  assert.match(set[0] as string, /^6ac6499e9da2071=token;/)
  const gone = expiredCookies(alpha, request('GET', '/', {}, '', https))
  assert.match(gone[0] as string, /^6ac6499e9da2071=; Max-Age=0; .*Path=\/; Secure; HttpOnly/)
})

test('B-7 two cookies of the name count as none', async () => {
  const { alpha, demo } = await people()
  const { token } = await createSession(alpha, demo, 'Login')
  const withCookie = (cookie: string) => currentSession(alpha, request('GET', '/', { cookie }))
  assert.ok(await withCookie(`other=1; iPlanetDirectoryPro=${token}; iPlanetDirectoryProx=2`))
  const tossed = [
    `iPlanetDirectoryPro=${token}; iPlanetDirectoryPro=x`,
    `iPlanetDirectoryPro=x; iPlanetDirectoryPro=${token}`,
    `iPlanetDirectoryPro=${token}; iPlanetDirectoryPro=${token}`,
    `iPlanetDirectoryPro=; iPlanetDirectoryPro=${token}`,
    `iplanetdirectorypro=${token}`,
    'iPlanetDirectoryPro=',
  ]
  for (const cookie of tossed) assert.equal(await withCookie(cookie), undefined, cookie)
})

test('B-2 a login makes a new session and ends the one the browser had', async () => {
  const { alpha, root, demo, admin } = await people()
  const first = await signIn(alpha, request('GET', '/'), demo, 'Login')
  const cookie = `iPlanetDirectoryPro=${first.session.token}`
  const second = await signIn(alpha, request('GET', '/', { cookie }), demo, 'Password')
  assert.notEqual(second.session.token, first.session.token)
  assert.notEqual(second.session.sid, first.session.sid)
  assert.equal(await readSession(alpha, first.session.token), undefined)
  assert.equal((await readSession(alpha, second.session.token))?.journey, 'Password')
  const above = await signIn(root, request('GET', '/', { cookie }), admin, 'Login')
  assert.ok(await readSession(root, above.session.token))
})
