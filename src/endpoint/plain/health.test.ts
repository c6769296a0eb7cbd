import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { bodyOf, origin, push, pushForm, requestOf, world } from '../../../test/world.ts'
import { StoreUnavailable } from '../../store/store.ts'

test('house: ready is 503 from the wish to stop on, so that requests go elsewhere; live is not', async () => {
  const { serve } = await world()
  const ask = (name: string) => requestOf('GET', `${origin}/am/json/health/${name}`)
  assert.equal((await serve(ask('ready'))).status, 200)
  const stopping = await serve({ ...ask('ready'), stopping: true })
  assert.equal(stopping.status, 503)
  assert.deepEqual(bodyOf(stopping), { status: 'stopping' })
  assert.equal((await serve({ ...ask('live'), stopping: true })).status, 200)
})

test('house: ready is 503 after a failed commit, until one succeeds; that one it makes itself', async () => {
  let [full, failed] = [false, false]
  const w = await world({
    records: (store) => ({
      ...store,
      failing: () => failed,
      async insert(...sent) {
        failed = full
        if (full) throw new StoreUnavailable('not written')
        return store.insert(...sent)
      },
    }),
  })
  const ready = async () =>
    (await w.serve(requestOf('GET', `${origin}/am/json/health/ready`))).status
  const stamp = w.records.changeCount()
  assert.equal(await ready(), 200)
  assert.equal(w.records.changeCount(), stamp, 'as long as all is well nothing is written')
  full = true
  assert.equal((await push(w, pushForm())).status, 503)
  assert.deepEqual([await ready(), await ready()], [503, 503])
  full = false
  assert.deepEqual([await ready(), failed], [200, false])
})

test('house: ready is 503 as long as the disk takes what is small and no push, whatever small has been written since', async () => {
  let [room, failed] = [Number.POSITIVE_INFINITY, false]
  const w = await world({
    records: (store) => ({
      ...store,
      failing: () => failed,
      async insert(...sent) {
        failed = sent[1].length > room
        if (failed) throw new StoreUnavailable('not written')
        return store.insert(...sent)
      },
    }),
  })
  const ready = async () =>
    (await w.serve(requestOf('GET', `${origin}/am/json/health/ready`))).status
  room = 100
  assert.equal((await push(w, pushForm())).status, 503)
  for (let asked = 0; asked < 3; asked += 1) {
    assert.equal(await ready(), 503)
    await w.records.insert(`small-${asked}`, Buffer.alloc(10), w.clock.now + 60)
  }
  room = Number.POSITIVE_INFINITY
  assert.equal(await ready(), 200)
})

test('house: ready is 503 while a store fails or does not answer, and the log says why once, and when that is over', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let how: 'well' | 'unavailable' | 'silent' = 'well'
  const w = await world({
    records: (store) => ({
      ...store,
      get(key) {
        if (how === 'unavailable') throw new StoreUnavailable('gone')
        return how === 'silent' ? new Promise(() => undefined) : store.get(key)
      },
    }),
  })
  const ready = async () => {
    const answer = w.serve(requestOf('GET', `${origin}/am/json/health/ready`))
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    t.mock.timers.tick(2000)
    const { status } = await answer
    return `${status} ${bodyOf(await answer).status}`
  }
  const { events } = await withEvents(async () => {
    assert.equal(await ready(), '200 ready')
    how = 'unavailable'
    assert.equal(await ready(), '503 store unavailable')
    assert.equal(await ready(), '503 store unavailable')
    how = 'silent'
    assert.equal(await ready(), '503 store does not answer')
    how = 'well'
    assert.equal(await ready(), '200 ready')
  })
  const said = events.filter(({ name }) => name.startsWith('ready.'))
  assert.deepEqual(
    said.map(({ name, level, fields }) => [name, level, fields.reason]),
    [
      ['ready.not', 'warn', 'store unavailable'],
      ['ready.not', 'warn', 'store does not answer'],
      ['ready.again', 'info', undefined],
    ],
  )
})
