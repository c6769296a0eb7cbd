import assert from 'node:assert/strict'
import { test } from 'node:test'
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
