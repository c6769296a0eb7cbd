import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { caller } from '../../../test/administrator.ts'
import { breaching, registerBreaching } from '../../../test/breaches.ts'
import { countedWorld } from '../../../test/counted.ts'
import { withEvents } from '../../../test/events.ts'
import { bodyOf } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'

const w = await countedWorld()
after(() => w.counter.stop())
const { call } = await caller(w, '/alpha', ['admin'])
const path = '/parapet/compliance'

async function breaks(client_id: string): Promise<void> {
  const row = breaching.require_signed
  await registerBreaching(w, client_id, row, ['require_signed'])
  assert.equal((await w.serve(await row.request(w, client_id))).status, 201)
}

const result = async (query = ''): Promise<readonly JsonObject[]> => {
  const answer = await call('GET', path + query)
  assert.equal(answer.status, 200, String(answer.body))
  return bodyOf(answer).result as readonly JsonObject[]
}

test('C-31 administrators of the realm are told which clients’ requests would be refused, by which rule', async () => {
  await breaks('one')
  await breaks('two')
  await breaks('two')
  const all = await result()
  assert.deepEqual(
    all.map(({ client_id, requirement, count }) => [client_id, requirement, count]),
    [
      ['one', 'require_signed', 1],
      ['two', 'require_signed', 2],
    ],
  )
  const [{ _id, section, says, watched, endpoint } = {}] = all
  assert.equal(_id, 'one/require_signed/object-required')
  assert.deepEqual([section, watched, endpoint], ['RFC 9101 §10.5', true, '/par'])
  assert.equal(says, 'The client must send a signed request object.')
  assert.equal((await result('?client_id=two')).length, 1)
  assert.deepEqual(await result('?client_id=three'), [])
})

test('C-31 what was counted is forgotten when an administrator says so, of one client or of all, and that is told', async () => {
  await breaks('three')
  const { value, events } = await withEvents(() =>
    call('POST', `${path}?_action=reset&client_id=three`),
  )
  assert.deepEqual([value.status, bodyOf(value)], [200, { clients: 1 }])
  const { fields } = events.find(({ name }) => name === 'compliance.reset') ?? {}
  assert.deepEqual([fields?.client_id, fields?.clients], ['three', 1])
  assert.deepEqual(await result('?client_id=three'), [])
  assert.ok((await result()).length > 0)
  assert.equal((await call('POST', `${path}?_action=reset`)).status, 200)
  assert.deepEqual(await result(), [])
  assert.equal((await call('POST', `${path}?_action=other`)).status, 400)
})
