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

test('PingIDM: what every tenant has is there before anybody saves it, and is not kept when a tool puts it back', async () => {
  const { call } = await caller(await world(), '/', ['admin'])
  const ids = [
    'access',
    'audit',
    'managed',
    'external.email',
    'selfservice.kba',
    'selfservice.terms',
  ]
  for (const id of [...ids, 'servletfilter/cors', 'ui-configuration', 'alphaOrgPrivileges']) {
    const read = await call('GET', `${url}/${id}`)
    assert.deepEqual([read.status, bodyOf(read)._id], [200, id], id)
    assert.equal((await call('PUT', `${url}/${id}`, bodyOf(read))).status, 200, id)
  }
  assert.deepEqual(bodyOf(await call('GET', `${url}?_queryFilter=true`)).result, [])
  const other = await call('PUT', `${url}/managed`, { objects: [{ name: 'alpha_thing' }] })
  assert.deepEqual([other.status, bodyOf(other).parapet], [201, { unserved: ['*'] }])
  const absent = bodyOf(await call('GET', `${url}/nothing`))
  assert.equal(absent.message, 'There is no configuration of that id')
})
