import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller, callWith } from '../../../test/administrator.ts'
import { altered } from '../../../test/altered.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'
import { endSession, rootSessions } from '../../session/session.ts'
import { changeEndUser } from '../../user/end-user.ts'
import { realmConfig } from './index.ts'

const paths = [
  '/realm-config/agents/OAuth2Client?_queryFilter=true',
  '/realm-config/agents/OAuth2Client/myClient',
  '/realm-config/services/oauth-oidc',
  '/realm-config/services?_queryFilter=true',
  `${origin}/am/json/global-config/realms?_queryFilter=true`,
]

test('C-29 only a root session of an account with the admin role may call', async () => {
  const w = await world()
  const { call: admin } = await caller(w, '/', ['admin'])
  const { call: plain } = await caller(w, '/', [])
  const { call: foreign } = await caller(w, '/alpha', ['admin'])
  const nobody = callWith(w, {})
  for (const path of paths) {
    assert.equal((await admin('GET', path)).status, 200, path)
    assert.equal((await plain('GET', path)).status, 403, path)
    assert.equal((await foreign('GET', path)).status, 401, path)
    assert.equal((await nobody('GET', path)).status, 401, path)
    assert.equal((await callWith(w, { authorization: 'Bearer x' })('GET', path)).status, 401, path)
  }
})

test('C-29 cookie and header both serve, two of a name do not', async () => {
  const w = await world()
  const { session } = await caller(w, '/', ['admin'])
  const path = paths[1] as string
  const cookie = `iPlanetDirectoryPro=${session.token}`
  assert.equal((await callWith(w, { cookie })('GET', path)).status, 200)
  assert.equal((await callWith(w, { cookie: `${cookie}; ${cookie}` })('GET', path)).status, 401)
  const changed = { cookie: `iPlanetDirectoryPro=${altered(session.token)}` }
  assert.equal((await callWith(w, changed)('GET', path)).status, 401)
})

test('B-12 role, account and session are looked at on every call', async () => {
  const w = await world()
  const root = await w.realm('/')
  const { call, session } = await caller(w, '/', ['admin'])
  const status = async (): Promise<number> => (await call('GET', paths[1] as string)).status
  assert.equal(await status(), 200)
  await changeEndUser(root, session.sub, { roles: [] })
  assert.equal(await status(), 403)
  await changeEndUser(root, session.sub, { roles: ['admin'], status: 'Inactive' })
  assert.equal(await status(), 401)
  await changeEndUser(root, session.sub, { status: 'Active' })
  assert.equal(await status(), 200)
  await endSession(rootSessions(root), session)
  assert.equal(await status(), 401)
})

test('PingAM: rest-api-csrf a write without a header no form can send is refused before all else', async () => {
  const w = await world()
  const { session } = await caller(w, '/', ['admin'])
  const response = await w.serve({
    method: 'PUT',
    path: '/am/json/realms/root/realms/alpha/realm-config/services/oauth-oidc',
    query: '',
    headers: { cookie: `iPlanetDirectoryPro=${session.token}`, 'content-type': 'text/plain' },
    rawHeaders: [],
    body: Buffer.from('{}'),
    origin,
    peer: '127.0.0.1',
    rest: '',
  })
  assert.equal(response.status, 403)
})

test('C-28 the configuration API is closed to web origins, allowed ones too', async () => {
  const w = await world({ alpha: { parapetConfig: { corsOrigins: ['https://app.example'] } } })
  const { call } = await caller(w, '/', ['admin'])
  assert.ok(realmConfig.every((endpoint) => !endpoint.cors))
  for (const path of paths.slice(0, 4)) {
    const response = await call('GET', path, undefined, { origin: 'https://app.example' })
    assert.equal(response.headers['access-control-allow-origin'], undefined)
    const ask = { origin: 'https://app.example', 'access-control-request-method': 'PUT' }
    const preflight = await call('OPTIONS', path, undefined, ask)
    assert.equal(preflight.headers['access-control-allow-origin'], undefined)
    assert.notEqual(preflight.status, 204)
  }
})

test('PingAM: rest-api-versioning the version served is told; others are not there', async () => {
  const w = await world()
  const { call } = await caller(w, '/', ['admin'])
  const path = paths[1] as string
  const served = await call('GET', path)
  assert.equal(served.headers['content-api-version'], 'resource=1.0')
  const other = await call('GET', path, undefined, { 'accept-api-version': 'resource=9.0' })
  assert.equal(other.status, 404)
  const refused = await callWith(w, {})('GET', path)
  assert.deepEqual(bodyOf(refused), { code: 401, reason: 'Unauthorized', message: 'Access Denied' })
})
