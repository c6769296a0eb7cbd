import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrators } from '../../../../test/administration-client.ts'
import { caller, callWith } from '../../../../test/administrator.ts'
import { browser, locationOf } from '../../../../test/browser.ts'
import { withEvents } from '../../../../test/events.ts'
import { post, redirect_uri, register, secret } from '../../../../test/register.ts'
import { accountToken, serviceAccount, tokenUrl } from '../../../../test/service-account.ts'
import { forge, makeKey } from '../../../../test/token.ts'
import type { World } from '../../../../test/world.ts'
import {
  base,
  basic,
  bodyOf,
  challenge,
  origin,
  requestOf,
  verifier,
  world,
} from '../../../../test/world.ts'
import type { JsonObject } from '../../../base/json.ts'
import { clientKind } from '../../../config/client.ts'
import { anyState } from '../../../config/kind.ts'
import { oauth2ProviderKind } from '../../../config/oauth2-provider.ts'
import { createSession } from '../../../session/session.ts'
import type { EndUser } from '../../../user/end-user.ts'
import { changeEndUser, createEndUser, findByUsername } from '../../../user/end-user.ts'

const change = { by: 'test', condition: anyState }
const root = `${origin}/am/oauth2`
const both = 'fr:am:* fr:idm:*'

async function place(stateless: boolean): Promise<World> {
  const w = await world()
  const realm = await w.realm('/')
  const document = { coreOAuth2Config: { statelessTokensEnabled: stateless } }
  await oauth2ProviderKind.save(realm, '', document, change)
  const saved = await clientKind.save(realm, 'idmAdminClient', administrators, change)
  assert.ok('item' in saved, JSON.stringify(saved))
  await createEndUser(realm, { username: 'boss', password: 'Ch4ng31t', roles: ['admin'] })
  await createEndUser(realm, { username: 'clerk', password: 'Ch4ng31t', roles: [] })
  return w
}

/** An authorization as frodo asks for one, by the session of a user of the root: where it leads. */
async function authorized(
  w: World,
  username: string,
  scope: string,
  client_id = 'idmAdminClient',
): Promise<URL> {
  const b = browser(w)
  const realm = await w.realm('/')
  const user = (await findByUsername(realm, username)) as EndUser
  const { token: csrf } = await createSession(realm, user, 'Login')
  b.cookies.set('iPlanetDirectoryPro', csrf)
  const answer = await b.post(`${root}/authorize`, {
    ...{ client_id, scope, redirect_uri, csrf, decision: 'allow', response_type: 'code' },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
  })
  return locationOf(answer)
}

/** The token of such an authorization; the client is public, and sends a Basic header all the same. */
async function userToken(w: World, scope: string, client_id = 'idmAdminClient'): Promise<string> {
  const code = (await authorized(w, 'boss', scope, client_id)).searchParams.get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }
  const answer = await post(w, tokenUrl, form, { authorization: basic(client_id, 'any-word') })
  assert.equal(answer.status, 200, String(answer.body))
  return String(bodyOf(answer).access_token)
}

const at = {
  'am/json': `${origin}/am/json/realms/root/realms/alpha/realm-config/services/oauth-oidc`,
  openidm: `${origin}/openidm/managed/alpha_user?_queryFilter=true`,
} as const

async function statuses(w: World, headers: Readonly<Record<string, string>>, query = '') {
  const call = callWith(w, headers)
  const [json, openidm] = [at['am/json'], at.openidm].map((url) =>
    url.includes('?') ? `${url}${query.replace('?', '&')}` : url + query,
  ) as [string, string]
  return [(await call('GET', json)).status, (await call('GET', openidm)).status]
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** A client's own token of a realm, by whatever scope it had been registered with. */
async function ownToken(w: World, path: string, scope: string, url = tokenUrl): Promise<string> {
  await register(w, 'old', { core: { scopes: [...scope.split(' '), 'write'] } }, path)
  const ask = (what: string) =>
    post(
      w,
      url,
      { grant_type: 'client_credentials', scope: what },
      { authorization: basic('old', secret) },
    )
  const refused = await ask(scope)
  assert.equal(bodyOf(refused).error, 'invalid_scope')
  return String(bodyOf(await ask('write')).access_token)
}

for (const stateless of [false, true]) {
  const kind = stateless ? 'a JWT' : 'opaque'
  test(`C-29, RFC 6750 §2.1 a token administers by its kind, realm, scope and endpoint: where tokens are ${kind}`, async () => {
    const w = await place(stateless)
    const account = await serviceAccount(w, ['fr:am:*', 'fr:idm:*', 'fr:idc:esv:*'])
    const good = await accountToken(w, account, both)
    assert.equal(good.includes('.'), stateless)
    const rows: readonly (readonly [string, Readonly<Record<string, string>>, number, number])[] = [
      ['of an account, for both', bearer(good), 200, 200],
      ['of an account, for AM', bearer(await accountToken(w, account, 'fr:am:*')), 200, 403],
      ['of an account, for IDM', bearer(await accountToken(w, account, 'fr:idm:*')), 403, 200],
      [
        'of an account, for others',
        bearer(await accountToken(w, account, 'fr:idc:esv:*')),
        403,
        403,
      ],
      ['of an administrator', bearer(await userToken(w, both)), 200, 200],
      ['of an administrator, for AM', bearer(await userToken(w, 'fr:am:*')), 200, 403],
      ['of an administrator, for openid', bearer(await userToken(w, 'openid')), 403, 403],
      ['of a client', bearer(await ownToken(w, '/', both)), 403, 403],
      ['of alpha', bearer(await ownToken(w, '/alpha', both, `${base}/access_token`)), 401, 401],
      ['changed', bearer(`${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`), 401, 401],
      ['none', { authorization: 'Bearer' }, 401, 401],
      ['of a word', { authorization: 'Bearer undefined' }, 401, 401],
      ['by another scheme', { authorization: `DPoP ${good}` }, 401, 401],
      ['by no scheme', { authorization: good }, 401, 401],
      ['with a proof beside', { ...bearer(good), dpop: 'junk' }, 401, 401],
      ['in a cookie', { cookie: `iPlanetDirectoryPro=${good}` }, 401, 401],
      ['as a session', { iplanetdirectorypro: good }, 401, 401],
    ]
    for (const [what, headers, json, openidm] of rows)
      assert.deepEqual(await statuses(w, headers), [json, openidm], `token ${what}`)
    assert.deepEqual(await statuses(w, {}, `?access_token=${good}`), [401, 401])
    const form = await callWith(w, {})(
      'POST',
      at.openidm.replace('?_queryFilter=true', ''),
      `access_token=${good}`,
    )
    assert.equal(form.status, 401)
    w.clock.now += 900
    assert.deepEqual(await statuses(w, bearer(good)), [401, 401], 'expired')
  })
}

test('C-29 a token that another realm or nobody signed is nothing here, whatever it says', async () => {
  const w = await place(true)
  const account = await serviceAccount(w, ['fr:am:*'])
  const good = await accountToken(w, account, 'fr:am:*')
  const [header = '', payload = ''] = good.split('.')
  const read = (part: string): JsonObject =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as JsonObject
  const others = await Promise.all((['RS256', 'ES256'] as const).map(makeKey))
  for (const key of others) {
    for (const kid of [undefined, key.kid, read(header).kid]) {
      const said = { ...read(header), alg: key.alg, kid }
      assert.deepEqual(await statuses(w, bearer(forge(key, said, read(payload)))), [401, 401])
    }
  }
  const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`
  assert.deepEqual(await statuses(w, bearer(unsigned)), [401, 401])
})

test('C-29 beside a bearer token a session counts for nothing, and other realms’ names change nothing', async () => {
  const w = await place(false)
  const { session } = await caller(w, '/', ['admin'])
  const cookie = { iplanetdirectorypro: session.token }
  assert.deepEqual(await statuses(w, cookie), [200, 200])
  assert.deepEqual(await statuses(w, { ...cookie, ...bearer('undefined') }), [401, 401])
  assert.deepEqual(await statuses(w, { ...cookie, authorization: basic() }), [200, 200])
  const account = await serviceAccount(w, ['fr:am:*'])
  const call = callWith(w, bearer(await accountToken(w, account, 'fr:am:*')))
  for (const path of ['', '/realms/root/realms/alpha', '/alpha', '/realms/root/realms/bravo'])
    assert.equal(
      (await call('GET', `${origin}/am/json${path}/realm-config/services/oauth-oidc`)).status,
      200,
    )
})

test('RFC 7009 §2.1 an administrator’s token that was revoked is nothing any more', async () => {
  const w = await place(false)
  const token = await userToken(w, both)
  assert.deepEqual(await statuses(w, bearer(token)), [200, 200])
  await post(w, `${root}/token/revoke`, { client_id: 'idmAdminClient', token })
  assert.deepEqual(await statuses(w, bearer(token)), [401, 401])
})

test('C-29 who lost the role, the account or the client lost the token with it', async () => {
  const w = await place(false)
  const realm = await w.realm('/')
  const headers = bearer(await userToken(w, both))
  assert.deepEqual(await statuses(w, headers), [200, 200])
  const { sub } = bodyOf(await w.serve(requestOf('GET', `${root}/tokeninfo`, { headers })))
  await changeEndUser(realm, String(sub), { roles: [] })
  assert.deepEqual(await statuses(w, headers), [403, 403])
  await changeEndUser(realm, String(sub), { roles: ['admin'] })
  assert.deepEqual(await statuses(w, headers), [200, 200])
  const without = {
    ...administrators,
    coreOAuth2ClientConfig: { clientType: 'Public', scopes: ['openid'] },
    parapetClientConfig: {},
  }
  await clientKind.save(realm, 'idmAdminClient', without, change)
  assert.deepEqual(await statuses(w, headers), [403, 403])
  await clientKind.save(realm, 'idmAdminClient', administrators, change)
  await changeEndUser(realm, String(sub), { status: 'Inactive' })
  assert.deepEqual(await statuses(w, headers), [401, 401])
})

test('C-29 scopes of administration are granted by administrators of the root alone, by the one client made for that', async () => {
  const w = await place(false)
  const refused = await authorized(w, 'clerk', both)
  assert.equal(refused.searchParams.get('error'), 'access_denied')
  const allowed = await authorized(w, 'clerk', 'openid')
  assert.ok(allowed.searchParams.has('code'))
  const core = { scopes: ['openid', 'fr:am:*', 'fr:idm:*'], clientType: 'Public' }
  const advanced = { tokenEndpointAuthMethod: 'none' }
  await register(w, 'old', { core, advanced }, '/')
  assert.equal(
    (await authorized(w, 'boss', both, 'old')).searchParams.get('error'),
    'invalid_scope',
  )
  // The same switch, on a client that slipped past the rules.
  await register(w, 'other', { core, advanced, own: { administration: true } }, '/')
  const token = await userToken(w, both, 'other')
  assert.deepEqual(await statuses(w, bearer(token)), [403, 403])
})

test('house: events name the service account that changed something', async () => {
  const w = await place(false)
  const account = await serviceAccount(w, ['fr:am:*'], { name: 'deploy' })
  const call = callWith(w, bearer(await accountToken(w, account, 'fr:am:*')))
  const { events } = await withEvents(() =>
    call('DELETE', '/realm-config/agents/OAuth2Client/myClient'),
  )
  const deleted = events.find(({ name }) => name === 'client.deleted')
  assert.equal(deleted?.fields.by, 'svcacct:deploy')
})

test('C-28 no web origin is told of what a token administers', async () => {
  const w = await world({ alpha: { parapetConfig: { corsOrigins: ['https://app.example'] } } })
  const account = await serviceAccount(w, ['fr:am:*', 'fr:idm:*'])
  const headers = { ...bearer(await accountToken(w, account, both)), origin: 'https://app.example' }
  for (const url of [at['am/json'], at.openidm, `${origin}/openidm/managed/svcacct`]) {
    const answer = await callWith(w, headers)('GET', url)
    assert.equal(answer.headers['access-control-allow-origin'], undefined)
    const ask = {
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    }
    const preflight = await callWith(w, {})('OPTIONS', url, undefined, {
      origin: 'https://app.example',
      ...ask,
    })
    assert.notEqual(preflight.status, 204)
  }
})
