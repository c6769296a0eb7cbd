import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller, callWith } from '../../../test/administrator.ts'
import { accountToken, serviceAccount } from '../../../test/service-account.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'

const w = await world()
const url = `${origin}/environment`

test('C-29 what is of a whole tenant is told to administrators of the root, and to nobody else', async () => {
  const account = await serviceAccount(w, ['fr:am:*', 'fr:idm:*'])
  const tokens = await Promise.all(
    ['fr:am:*', 'fr:idm:*'].map((scope) => accountToken(w, account, scope)),
  )
  const [am, idm] = tokens.map((token) => callWith(w, { authorization: `Bearer ${token}` }))
  const callers = [
    [callWith(w, {}), 401],
    [(await caller(w, '/', [])).call, 403],
    [(await caller(w, '/alpha', ['admin'])).call, 403],
    [(await caller(w, '/', ['admin'])).call, 200],
    [am, 200],
    [idm, 403],
  ] as const
  for (const path of ['info', 'scopes/service-accounts', 'variables', 'secrets'])
    for (const [i, [call, status]] of callers.entries())
      assert.equal((await call?.('GET', `${url}/${path}`))?.status, status, `${path} ${i}`)
})

test('PingAM: a tenant tells which scopes there are, and that it has no variables and no secrets', async () => {
  const { call } = await caller(w, '/', ['admin'])
  const scopes = bodyOf(await call('GET', `${url}/scopes/service-accounts`))
  assert.deepEqual(
    Object.values(scopes).map((each) => (each as Record<string, unknown>).scope),
    ['fr:am:*', 'fr:idm:*'],
  )
  const { resultCount } = bodyOf(await call('GET', `${url}/secrets`))
  assert.equal(resultCount, 0)
  for (const path of ['secrets/esv-a', 'toString', '', 'x'])
    assert.equal((await call('GET', `${url}/${path}`)).status, 404, path)
})

const puts: readonly (readonly [path: string, body: unknown, status: number, message: RegExp])[] = [
  ['variables/esv-a', { valueBase64: 'YQ==' }, 501, /no environment variables/],
  ['secrets/esv-a', {}, 501, /no environment secrets/],
  ['secrets', {}, 501, /no environment secrets/],
  ['cookie-domains', { domains: [] }, 200, /^$/],
  ['cookie-domains', { domains: ['a.example'] }, 501, /for its own host/],
  ['content-security-policy/enforced', { active: false, directives: {} }, 200, /^$/],
  ['content-security-policy/enforced', { active: true, directives: {} }, 501, /security policy/],
  ['telemetry/otlp/x', {}, 501, /no telemetry providers/],
]
test('AIC: what a tenant has and this server has not is taken by nobody, and the answer says what it is', async () => {
  const { call } = await caller(w, '/', ['admin'])
  for (const [path, body, status, message] of puts) {
    const answer = await call('PUT', `${url}/${path}`, body)
    assert.equal(answer.status, status, path)
    assert.match(String(bodyOf(answer).message ?? ''), message, path)
  }
  assert.match(String(bodyOf(await call('GET', `${url}/startup`)).message), /nothing to restart/)
  const designed = `${origin}/am/json/node-designer/node-type`
  assert.deepEqual(bodyOf(await call('GET', `${designed}?_queryFilter=true`)).result, [])
  assert.equal((await call('PUT', `${designed}/n`, {})).status, 501)
})

test('C-28 no web origin reads what is of a tenant', async () => {
  const { call } = await caller(w, '/', ['admin'])
  const answer = await call('GET', `${url}/info`, undefined, { origin: 'https://app.example' })
  assert.equal(answer.headers['access-control-allow-origin'], undefined)
})
