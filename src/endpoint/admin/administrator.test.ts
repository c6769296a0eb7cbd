import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller, callWith } from '../../../test/administrator.ts'
import { altered } from '../../../test/altered.ts'
import { giveKeys } from '../../../test/realm-keys.ts'
import { bodyOf, origin, requestOf, world } from '../../../test/world.ts'
import { json } from '../../base/http.ts'
import { newTrace } from '../../base/trace.ts'
import { mayGive, ofOperator } from '../../config/authority.ts'
import type { Change } from '../../config/kind.ts'
import { anyState } from '../../config/kind.ts'
import { createRealm } from '../../realm/realms.ts'
import { endSession, rootSessions } from '../../session/session.ts'
import { changeEndUser } from '../../user/end-user.ts'
import { asOwnerOrAdministrator } from './administrator.ts'
import { realmConfig } from './index.ts'

const paths = [
  '/realm-config/agents/OAuth2Client?_queryFilter=true',
  '/realm-config/agents/OAuth2Client/myClient',
  '/realm-config/services/oauth-oidc',
  '/realm-config/services?_queryFilter=true',
  `${origin}/am/json/global-config/realms?_queryFilter=true`,
]

const global = paths[4] as string

/** Who calls, where they live, their roles, and what they get at alpha and at the root. */
const callers = [
  ['/', ['admin'], 200, 200],
  ['/', [], 403, 403],
  ['/alpha', ['admin'], 200, 403],
  ['/alpha', ['helpdesk'], 403, 403],
  ['/bravo', ['admin'], 403, 403],
  ['/alpha/sub', ['admin'], 403, 403],
] as const

test('C-29 a session of an account with the admin role may call in its realm and below, of the root everywhere', async () => {
  const w = await world()
  await giveKeys(w.settings, '/alpha/sub')
  await createRealm(w.settings, { path: '/alpha/sub', aliases: [], document: {} })
  for (const [home, roles, inAlpha, inRoot] of callers) {
    const { call } = await caller(w, home, roles)
    for (const path of paths) {
      const { status } = await call('GET', path)
      assert.equal(status, path === global ? inRoot : inAlpha, `${home} ${roles.join()} ${path}`)
    }
  }
  const { call: above } = await caller(w, '/alpha', ['admin'])
  const below = paths[0]?.replace('/', `${origin}/am/json/realms/root/realms/alpha/realms/sub/`)
  assert.equal((await above('GET', below as string)).status, 200)
  const nobody = callWith(w, {})
  for (const path of paths) {
    assert.equal((await nobody('GET', path)).status, 401, path)
    assert.equal((await callWith(w, { authorization: 'Bearer x' })('GET', path)).status, 401, path)
  }
})

test('C-29 an administrator is known by the cookie of the realm called, or of one above it', async () => {
  const w = await world({ alpha: { parapetConfig: { cookieName: 'alphaCookie' } } })
  const { session } = await caller(w, '/', ['admin'])
  const { session: own } = await caller(w, '/alpha', ['admin'])
  const { session: user } = await caller(w, '/alpha', [])
  const sent = (headers: Readonly<Record<string, string>>) =>
    callWith(w, headers)('GET', paths[1] as string)
  assert.equal((await sent({ iplanetdirectorypro: session.token })).status, 200)
  assert.equal((await sent({ cookie: `alphaCookie=${own.token}` })).status, 200)
  assert.equal((await sent({ alphacookie: session.token })).status, 200)
  assert.equal((await sent({ othercookie: session.token })).status, 401)
  const both = { alphacookie: user.token, iplanetdirectorypro: session.token }
  assert.equal((await sent(both)).status, 200)
  assert.equal((await sent({ ...both, iplanetdirectorypro: user.token })).status, 403)
})

test('C-29 what is also open to the account it is about is closed to all others but administrators', async () => {
  const w = await world()
  const alpha = await w.realm()
  const { session: owner } = await caller(w, '/alpha', ['helpdesk'])
  const rights = async (home: string, roles: readonly string[], same = false) => {
    const { session } = same ? { session: owner } : await caller(w, home, roles)
    const headers = { iplanetdirectorypro: session.token }
    const http = requestOf('GET', '/x', { headers })
    const answer = await asOwnerOrAdministrator(
      alpha,
      http,
      owner.sub,
      ({ by, sub, authority }) => {
        assert.equal(by, home === '/' ? session.username : `/alpha ${session.username}`)
        assert.equal(sub, session.sub)
        return json(200, authority)
      },
    )
    return [answer.status, answer.status === 200 ? bodyOf(answer) : undefined]
  }
  assert.deepEqual(await rights('/alpha', [], true), [200, { roles: ['helpdesk'] }])
  assert.deepEqual(await rights('/alpha', ['admin']), [
    200,
    { administers: '/alpha', roles: ['admin'] },
  ])
  assert.deepEqual(await rights('/', ['admin']), [200, { administers: '/', roles: ['admin'] }])
  for (const home of ['/alpha', '/bravo', '/'])
    assert.deepEqual(await rights(home, []), [403, undefined])
  const answer = await asOwnerOrAdministrator(alpha, requestOf('GET', '/x'), owner.sub, () =>
    assert.fail(),
  )
  assert.equal(answer.status, 401)
})

test('C-29 nobody gives a role they do not have, but for an administrator of the root', () => {
  const by = (authority: Change['authority']): Change =>
    authority === undefined
      ? { by: 'x', condition: anyState }
      : { by: 'x', condition: anyState, authority }
  const cases = [
    [undefined, 'other', true, true],
    [{ administers: '/', roles: ['admin'] }, 'other', true, true],
    [{ administers: '/alpha', roles: ['admin'] }, 'admin', true, false],
    [{ administers: '/alpha', roles: ['admin'] }, 'other', false, false],
    [{ administers: undefined, roles: ['admin'] }, 'admin', false, false],
  ] as const
  for (const [authority, role, gives, operator] of cases) {
    assert.equal(mayGive(by(authority), role), gives)
    assert.equal(ofOperator(by(authority)), operator)
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
  assert.equal(await status(), 401)
  const again = await caller(w, '/', ['admin'])
  assert.equal((await again.call('GET', paths[1] as string)).status, 200)
  await endSession(rootSessions(root), again.session)
  assert.equal((await again.call('GET', paths[1] as string)).status, 401)
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
    trace: newTrace({ method: 'PUT', peer: '127.0.0.1' }),
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
