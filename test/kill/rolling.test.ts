import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs } from '../program.ts'
import { trials } from '../scale.ts'
import { startPair } from '../soak/pair.ts'
import { restarts, workers } from '../soak/rolling.ts'
import { halfLoad } from '../soak/work.ts'

const times = trials(30, 2)

test(
  `house: two nodes behind nginx, each stopped by SIGTERM and started again, ${times} times at half of the load they take: no request fails`,
  needs('nginx'),
  async (t) => {
    const pair = await startPair({ store: 'sqlite', workers, env: { PARAPET_LOG_LEVEL: 'alarm' } })
    t.after(pair.stop)
    const work = await halfLoad(pair, { clients: 6, seconds: 1 })
    t.after(work.stop)
    const asked = await restarts(pair, work, times)
    await work.stop()
    assert.deepEqual(work.count.failed, [], pair.errors())
    assert.ok(Math.min(...asked) > 0, 'the load went on through every restart')
    t.diagnostic(
      `${times} restarts, ${work.count.requests} requests at ${work.pace.toFixed(0)} loops a second, none failed`,
    )
  },
)
