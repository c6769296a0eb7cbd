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
  assert.equal((await call('PUT', `${url}/secrets`, {})).status, 405)
})

test('C-28 no web origin reads what is of a tenant', async () => {
  const { call } = await caller(w, '/', ['admin'])
  const answer = await call('GET', `${url}/info`, undefined, { origin: 'https://app.example' })
  assert.equal(answer.headers['access-control-allow-origin'], undefined)
})
