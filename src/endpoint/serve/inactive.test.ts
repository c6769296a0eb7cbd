import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { administrator, caller, callWith } from '../../../test/administrator.ts'
import { codeFor, person, redeem, refusedWith, slimUrl, tokensFor } from '../../../test/flow.ts'
import type { World } from '../../../test/world.ts'
import { base, basic, bodyOf, origin, pushed, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { random } from '../../base/random.ts'
import { anyState } from '../../config/kind.ts'
import { realmKind } from '../../config/realm.ts'
import type { Stores } from '../../store/index.ts'
import { openStores } from '../../store/index.ts'

const id = Buffer.from('/alpha').toString('base64url')
const url = `${origin}/am/json/global-config/realms/${id}`
const json = `${origin}/am/json/realms/root/realms/alpha`

/** Two servers that share nothing but the files of one store. */
async function two(): Promise<readonly [World, World]> {
  const data = await mkdtemp(join(tmpdir(), 'parapet-inactive-'))
  after(() => rm(data, { recursive: true, force: true }))
  const open = (): Promise<Stores> =>
    openStores({ url: `sqlite:${data}`, now: () => 1_800_000_000, random })
  const server = async (): Promise<World> => {
    const { settings, records, close } = await open()
    after(close)
    return world({ settings: () => settings, records: () => records })
  }
  const first = await server()
  const second = await server()
  return [{ ...second, demo: first.demo }, first]
}

const servers = two()

/** What everybody but an operator asks of alpha, with what was issued before. */
async function questions(w: World): Promise<readonly (() => Promise<HttpResponse>)[]> {
  const p = await person(w)
  const tokens = await tokensFor(w, { scope: 'openid write' })
  const authorization = basic()
  const post = (path: string, form: Readonly<Record<string, string>>) => () =>
    w.serve(requestOf('POST', base + path, { form, headers: { authorization } }))
  const get =
    (path: string, headers = {}) =>
    () =>
      w.serve(requestOf('GET', path.startsWith('http') ? path : base + path, { headers }))
  const request_uri = await pushed(w)
  const code = await codeFor(w)
  const bearer = { authorization: `Bearer ${String(tokens.access_token)}` }
  const login = {
    'accept-api-version': 'resource=2.1',
    'x-openam-username': 'demo',
    'x-openam-password': 'Ch4ng31t',
  }
  return [
    post('/par', { response_type: 'code', scope: 'write' }),
    () => redeem(w, code),
    post('/access_token', {
      grant_type: 'refresh_token',
      refresh_token: String(tokens.refresh_token),
    }),
    post('/access_token', { grant_type: 'client_credentials', scope: 'write' }),
    post('/introspect', { token: String(tokens.access_token) }),
    get('/userinfo', bearer),
    get('/tokeninfo', bearer),
    get('/.well-known/openid-configuration'),
    get('/connect/jwk_uri'),
    () => p.get(slimUrl(request_uri)),
    get(`${origin}/am/XUI/?realm=/alpha`),
    () => w.serve(requestOf('POST', `${json}/authenticate`, { headers: login })),
  ]
}

test('PingAM: rest-realms a realm that is not active serves nothing but its configuration and what ends something, in every process from the next request on', async () => {
  const [w, other] = await servers
  const asked = await questions(w)
  const call = await administrator(other)
  const { session } = await caller(w, '/alpha', ['admin'])
  const own = callWith(w, { iplanetdirectorypro: session.token })
  assert.equal((await own('GET', '/realm-config/services/oauth-oidc')).status, 200)

  assert.equal((await call('PUT', url, { active: false })).status, 200)
  for (const ask of asked) {
    const answer = await ask()
    assert.equal(answer.status, 403, `${String(ask)} ${String(answer.body).slice(0, 200)}`)
  }
  const [push] = asked
  refusedWith((await push?.()) as HttpResponse, 'access_denied', 'The realm is not active', 403)
  // Who administers it has no live session there any more; those above it set it right.
  assert.equal((await own('GET', '/realm-config/services/oauth-oidc')).status, 401)
  const above = callWith(w, {
    iplanetdirectorypro: (await caller(w, '/', ['admin'])).session.token,
  })
  assert.equal((await above('GET', '/realm-config/services/oauth-oidc')).status, 200)
  const ask = (action: string, tokenId: string) =>
    callWith(w, { 'accept-api-version': 'resource=5.1' })(
      'POST',
      `${json}/sessions?_action=${action}`,
      { tokenId },
    )
  assert.equal((await ask('getSessionInfo', session.token)).status, 401)
  assert.equal(bodyOf(await ask('validate', session.token)).valid, false)
  const gone = await person(w)
  assert.deepEqual(bodyOf(await ask('logout', gone.session.token)), {
    result: 'Successfully logged out',
  })

  assert.equal((await call('PUT', url, { active: true })).status, 200)
  assert.equal((await own('GET', '/realm-config/services/oauth-oidc')).status, 200)
  assert.equal(bodyOf(await ask('validate', gone.session.token)).valid, false)
  for (const again of asked.slice(1)) assert.notEqual((await again()).status, 403)
})

test('C-37 a realm that is removed in one process is not there for the next request to another', async () => {
  const [w, other] = await servers
  const asked = await questions(w)
  const call = await administrator(other)
  const { session } = await caller(w, '/alpha', ['admin'])
  assert.equal((await call('DELETE', url)).status, 200)
  for (const ask of asked) assert.equal((await ask()).status, 404)
  // One of that path that is made later is another one.
  const made = await realmKind.save(
    await other.realm('/'),
    '/alpha',
    {},
    { by: 'test', condition: anyState },
  )
  assert.equal(made.outcome, 'created')
  const own = callWith(w, { iplanetdirectorypro: session.token })
  assert.equal((await own('GET', '/realm-config/services/oauth-oidc')).status, 401)
  const push = asked[0]
  refusedWith((await push?.()) as HttpResponse, 'invalid_client', undefined, 401)
})
