import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { breaching, registerBreaching } from '../../../test/breaches.ts'
import { countedWorld, counterOf, shortly } from '../../../test/counted.ts'
import { withEvents } from '../../../test/events.ts'
import { post, redirect_uri, secret } from '../../../test/register.ts'
import { basic, world } from '../../../test/world.ts'
import { deleteClient, readClient } from '../../client/registration.ts'
import type { RequirementName } from '../../protocol/value/requirement.ts'
import { StoreUnavailable } from '../../store/store.ts'
import { forgetBreaches } from './compliance.ts'
import { countKeptFor } from './count.ts'

const w = await countedWorld()
after(() => w.counter.stop())

const { require_challenge } = breaching
const push = async (client_id: string) => w.serve(await require_challenge.request(w, client_id))
const observing = (client_id: string) =>
  registerBreaching(w, client_id, require_challenge, ['require_challenge', 'auth_methods'])

for (const [name, row] of Object.entries(breaching) as [
  RequirementName,
  typeof require_challenge,
][])
  test(`C-31 what breaks ${name} where it is watched is listed, and what it refuses is not`, async () => {
    await registerBreaching(w, name, row)
    await w.serve(await row.request(w, name))
    assert.deepEqual(await w.listed(name), [])
    await registerBreaching(w, name, row, [name])
    const http = await row.request(w, name)
    await w.serve(http)
    const [entry, ...others] = await w.listed(name)
    assert.deepEqual(others, [])
    assert.ok(entry !== undefined, 'nothing is listed')
    assert.ok(entry.says?.endsWith('.') && entry.section !== null)
    const { client_id, requirement, why, count, endpoint, request, watched } = entry
    assert.deepEqual(
      [client_id, requirement, why, count, endpoint, request, watched],
      [name, name, row.why, 1, row.endpoint, http.trace.id, true],
    )
  })

test('C-31 it is told how often, since when, and by which request last', async () => {
  await observing('often')
  const began = w.clock.now
  for (let i = 0; i < 3; i++) {
    assert.equal((await push('often')).status, 201)
    w.clock.now += 60
  }
  const entries = await w.listed('often')
  assert.deepEqual(shortly(entries), [
    'often auth_methods client-method-other 3',
    'often require_challenge code-challenge-missing 3',
  ])
  for (const { first, last } of entries)
    assert.deepEqual([Date.parse(first), Date.parse(last)], [began * 1000, (began + 120) * 1000])
})

test('C-31 what several processes count is summed, whoever writes first', async () => {
  const others = [counterOf(w), counterOf(w)]
  await observing('several')
  for (let i = 0; i < 5; i++) await push('several')
  // Each of them heard of every push, as of its own.
  await Promise.all([w.counter, ...others].map((counter) => counter.flush()))
  for (const counter of others) await counter.stop()
  assert.deepEqual(shortly(await w.listed('several')), [
    'several auth_methods client-method-other 15',
    'several require_challenge code-challenge-missing 15',
  ])
})

test('C-31 what is refused for something else is not counted, nor whoever does not prove to be the client', async () => {
  await observing('refused')
  const form = { response_type: 'code', redirect_uri, scope: 'nothing-of-that-name' }
  assert.equal(
    (await post(w, '/par', form, { authorization: basic('refused', secret) })).status,
    400,
  )
  await post(w, '/par', { ...form, scope: 'write' }, { authorization: basic('refused', 'wrong') })
  assert.deepEqual(await w.listed('refused'), [])
})

test('C-31 a count lives for thirty days after its last request, and goes when it is forgotten', async () => {
  await observing('brief')
  await push('brief')
  assert.equal((await w.listed('brief')).length, 2)
  w.clock.now += countKeptFor
  assert.equal((await w.listed('brief')).length, 2)
  w.clock.now += 1
  assert.deepEqual(await w.listed('brief'), [])
  await push('brief')
  assert.equal(await forgetBreaches(await w.realm(), 'brief'), 1)
  assert.deepEqual(await w.listed('brief'), [])
})

test('C-37 whoever has the id of a client that was removed is told nothing of it', async () => {
  await observing('again')
  await push('again')
  await w.counter.flush()
  const realm = await w.realm()
  const { version } = (await readClient(realm, 'again')) ?? { version: 0 }
  assert.ok(await deleteClient(realm, 'again', version))
  assert.deepEqual(await w.listed('again'), [])
  await observing('again')
  assert.deepEqual(await w.listed('again'), [])
  await push('again')
  assert.deepEqual(
    (await w.listed('again')).map(({ count }) => count),
    [1, 1],
  )
})

test('C-31 where nothing can be written requests are served all the same, and it is told', async () => {
  const failing = await countedWorld({
    records: (store) => ({
      ...store,
      insert: (key, ...rest) =>
        key.startsWith('breaches/')
          ? Promise.reject(new StoreUnavailable('full'))
          : store.insert(key, ...rest),
    }),
  })
  await registerBreaching(failing, 'app', require_challenge, ['require_challenge'])
  const { value, events } = await withEvents(async () => {
    const response = await failing.serve(await require_challenge.request(failing, 'app'))
    await failing.counter.stop()
    return response.status
  })
  assert.equal(value, 201)
  const told = events.find(({ name }) => name === 'breaches.not_written')
  assert.deepEqual([told?.level, told?.fields.realm], ['warn', '/alpha'])
})

test('C-31 what is counted is of the server that counts, not of another one in the process', async () => {
  const other = await world()
  await registerBreaching(other, 'elsewhere', require_challenge, ['require_challenge'])
  await registerBreaching(w, 'elsewhere', require_challenge, ['require_challenge'])
  await other.serve(await require_challenge.request(other, 'elsewhere'))
  assert.deepEqual(await w.listed('elsewhere'), [])
})
