import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { publicTokens, tokensFor, withToken } from '../../../test/flow.ts'
import { base, basic, bodyOf, pushForm, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { changeEndUser } from '../../user/end-user.ts'

const w = await world()
const url = `${base}/userinfo`

function challenged(response: HttpResponse, status: number, error?: string): void {
  assert.equal(response.status, status, String(response.body))
  const code = error === undefined ? '' : `, error="${error}"`
  assert.equal(response.headers['www-authenticate'], `Bearer realm="/alpha"${code}`)
}

test('OIDC-28 the claims of the scopes, sub always, in AM’s order', async () => {
  const { access_token } = await tokensFor(w, { scope: 'openid profile email' })
  const info = await withToken(w, '/userinfo', access_token)
  assert.equal(info.status, 200)
  const body = bodyOf(info)
  assert.equal(body.sub, w.demo.sub)
  assert.equal(body.subname, 'demo')
  assert.deepEqual(Object.keys(body).slice(0, 5), [
    'given_name',
    'family_name',
    'name',
    'zoneinfo',
    'locale',
  ])
  assert.deepEqual(Object.keys(body).slice(-4), ['email', 'email_verified', 'sub', 'subname'])
  const { access_token: bare } = await tokensFor(w, { scope: 'openid' })
  assert.deepEqual(Object.keys(bodyOf(await withToken(w, '/userinfo', bare))), ['sub', 'subname'])
})

test('OIDC Core §5.4 every standard claim of the demo user, by every scope', async () => {
  const { access_token } = await tokensFor(w, { scope: 'openid profile email address phone' })
  const body = bodyOf(await withToken(w, '/userinfo', access_token))
  for (const [name, value] of Object.entries(w.demo.attributes))
    assert.deepEqual(body[name], value, name)
})

test('C-22 outside ping no subname', async () => {
  const strict = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
  const { access_token } = await publicTokens(strict, { scope: 'openid' })
  const info = await withToken(strict, '/userinfo', access_token)
  assert.deepEqual(bodyOf(info), { sub: strict.demo.sub })
})

const interactions: [profile: string, sent: string, back: boolean][] = [
  ['strict', 'c770aef3-6784-41f7-8e0e-ff5f97bddb3a', true],
  ['strict', 'C770AEF3-6784-41F7-8E0E-FF5F97BDDB3A', true],
  ['strict', 'c770aef3-6784-41f7-8e0e-ff5f97bddb3a, x', false],
  ['strict', 'x', false],
  ['ping', 'c770aef3-6784-41f7-8e0e-ff5f97bddb3a', false],
]
for (const [profile, sent, back] of interactions) {
  test(`FAPI 1.0 Baseline §6.2.1 x-fapi-interaction-id ${sent} in ${profile}`, async () => {
    const at = await world({ alpha: { parapetConfig: { profile } } })
    const { access_token } = await publicTokens(at, { scope: 'openid' })
    const headers = {
      authorization: `Bearer ${String(access_token)}`,
      'x-fapi-interaction-id': sent,
    }
    const info = await at.serve(requestOf('GET', url, { headers }))
    assert.equal(info.status, 200)
    assert.equal(info.headers['x-fapi-interaction-id'], back ? sent : undefined)
    for (const [path, form] of calls(String(access_token))) {
      const call = requestOf('POST', base + path, {
        form,
        headers: { authorization: basic(), 'x-fapi-interaction-id': sent },
      })
      const answer = await at.serve(call)
      assert.ok(answer.status < 300, `${path}: ${answer.body}`)
      assert.equal(answer.headers['x-fapi-interaction-id'], back ? sent : undefined, path)
      const wrong = path === '/par' ? { request_uri: 'x' } : { grant_type: 'x' }
      const refused = await at.serve(
        requestOf('POST', base + path, {
          form: wrong,
          headers: { authorization: basic(), 'x-fapi-interaction-id': sent },
        }),
      )
      assert.equal(refused.status, 400, path)
      assert.equal(refused.headers['x-fapi-interaction-id'], back ? sent : undefined, path)
    }
  })
}

/** What a client calls with its secret. */
function calls(token: string): readonly (readonly [path: string, form: Record<string, string>])[] {
  return [
    ['/par', pushForm()],
    ['/access_token', { grant_type: 'client_credentials', scope: 'write' }],
    ['/introspect', { token }],
    ['/token/revoke', { token }],
  ]
}

test('OIDC-28, BT-1 by header with GET and POST, by form with POST', async () => {
  const token = String((await tokensFor(w, { scope: 'openid' })).access_token)
  const headers = { authorization: `Bearer ${token}` }
  const good = [
    requestOf('GET', url, { headers }),
    requestOf('POST', url, { headers }),
    requestOf('POST', url, { headers, form: 'x=y' }),
    requestOf('POST', url, { form: { access_token: token } }),
    requestOf('GET', url, { headers: { authorization: `bEaReR ${token}` } }),
  ]
  for (const http of good) assert.equal((await w.serve(http)).status, 200)
})

test('BT-2 a token twice: 400 invalid_request', async () => {
  const token = String((await tokensFor(w, { scope: 'openid' })).access_token)
  const headers = { authorization: `Bearer ${token}` }
  const twice = requestOf('POST', url, { headers, form: { access_token: token } })
  challenged(await w.serve(twice), 400, 'invalid_request')
  const fields = requestOf('GET', url, { headers })
  const rawHeaders = [...fields.rawHeaders, 'Authorization', `Bearer ${token}`]
  challenged(await w.serve({ ...fields, rawHeaders }), 400, 'invalid_request')
})

test('BT-3, BT-4, O21-4 not from the query, not from a body that is no form, not with GET', async () => {
  const token = String((await tokensFor(w, { scope: 'openid' })).access_token)
  const form = `access_token=${token}`
  const type = { 'content-type': 'text/plain' }
  const bad = [
    requestOf('GET', `${url}?${form}`),
    requestOf('POST', `${url}?${form}`),
    requestOf('GET', url, { form }),
    requestOf('POST', url, { body: form, headers: type }),
    requestOf('POST', url, {
      body: JSON.stringify({ access_token: token }),
      headers: { 'content-type': 'application/json' },
    }),
  ]
  for (const http of bad) challenged(await w.serve(http), 401)
})

const lax = [
  (token: string) => `Bearer  ${token}`,
  (token: string) => `Bearer\t${token}`,
  (token: string) => `Bearer ${token} `,
  (token: string) => ` Bearer ${token}`,
  (token: string) => `Bearer: ${token}`,
  (token: string) => `Bearer "${token}"`,
  (token: string) => `Bearer ${token}, Bearer ${token}`,
  (token: string) => `Basic ${token}`,
  (token: string) => token,
  () => 'Bearer',
  () => 'Bearer ',
  () => 'Bearer undefined',
]
for (const write of lax) {
  test(`K-10 ${JSON.stringify(write('<token>'))}: 401 invalid_token`, async () => {
    const token = String((await tokensFor(w, { scope: 'openid' })).access_token)
    const http = requestOf('GET', url, { headers: { authorization: write(token) } })
    challenged(await w.serve(http), 401, 'invalid_token')
  })
}

test('BT-5, BT-6 no token: 401 and no error code in the challenge', async () => {
  challenged(await w.serve(requestOf('GET', url)), 401)
})

test('BT-6 without openid: 403 insufficient_scope', async () => {
  const { access_token } = await tokensFor(w, { scope: 'profile' })
  challenged(await withToken(w, '/userinfo', access_token), 403, 'insufficient_scope')
})

test('B-12 user or client disabled, or the grant ended: 401 with the challenge', async () => {
  const other = await world()
  const ended = (await tokensFor(other, { scope: 'openid' })).access_token
  const realm = await other.realm()
  for (const status of ['Inactive', 'Active'] as const) {
    await changeEndUser(realm, other.demo.sub, { status })
    challenged(await withToken(other, '/userinfo', ended), 401, 'invalid_token')
  }
  const { access_token } = await tokensFor(other, { scope: 'openid' })
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { status: 'Inactive' } })
  challenged(await withToken(other, '/userinfo', access_token), 401, 'invalid_token')
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { status: 'Active' } })
  assert.equal((await withToken(other, '/userinfo', access_token)).status, 200)
})

test('P-2 a token of another realm: 401', async () => {
  const { access_token } = await tokensFor(w, { scope: 'openid' })
  const http = requestOf('GET', url.replace('alpha', 'bravo'), {
    headers: { authorization: `Bearer ${String(access_token)}` },
  })
  assert.equal((await w.serve(http)).status, 401)
})

test('H-9 other methods: 405', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const response = await w.serve(requestOf(method, url))
    assert.deepEqual([response.status, response.headers.allow], [405, 'GET, POST'])
  }
})
