import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller } from '../../../test/administrator.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'

const url = `${origin}/openidm/config`

test('C-39 configuration of PingIDM is kept as it came, listed, given back and deleted', async () => {
  const { call } = await caller(await world(), '/', ['admin'])
  assert.deepEqual(bodyOf(await call('GET', `${url}/ui/themerealm`)), {
    _id: 'ui/themerealm',
    realm: {},
  })
  const theme = { realm: { alpha: [{ _id: '1', name: 'Blue', isDefault: true }] } }
  for (const [id, document] of [
    ['ui/themerealm', theme],
    ['emailTemplate/welcome', { enabled: true, from: 'a@example.com' }],
  ] as const) {
    assert.equal((await call('PUT', `${url}/${id}`, { _id: id, ...document })).status, 201)
    const { _rev, ...kept } = bodyOf(await call('GET', `${url}/${id}`))
    assert.deepEqual(kept, { _id: id, ...document })
  }
  const listed = async (filter: string): Promise<unknown> => {
    const { result } = bodyOf(await call('GET', `${url}?_queryFilter=${filter}`))
    return (result as readonly Record<string, unknown>[]).map(({ _id }) => _id)
  }
  assert.deepEqual(await listed('true'), ['emailTemplate/welcome', 'ui/themerealm'])
  assert.deepEqual(await listed("_id%20sw%20'emailTemplat'"), ['emailTemplate/welcome'])
  assert.equal((await call('DELETE', `${url}/emailTemplate/welcome`)).status, 200)
  assert.deepEqual(await listed('true'), ['ui/themerealm'])
  for (const id of ['%2e%2e/x', 'a/b/c/d/e', 'a%2fb'])
    assert.equal((await call('PUT', `${url}/${id}`, {})).status, 404, id)
})
