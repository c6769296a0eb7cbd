import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { StoresOptions } from '../backend.ts'
import { openStores } from '../index.ts'
import { abandon } from './abandon.ts'
import { filled, moved, places, start, within } from './ends.suite.ts'
import { changeMark } from './mark.ts'
import { openEnds } from './open.ts'
import type { Worker } from './worker.ts'

test('house: two migrations at once are refused, of one copy and of two', async (t) => {
  const here = places(t)
  const [old, fresh, other] = [here.at('old'), here.at('new'), here.at('other')]
  await within(old, filled)
  const done = await moved([old, fresh], {
    async stopped() {
      await assert.rejects(
        moved([old, fresh]),
        /another migration is at work there: process \d+ on/,
      )
      await assert.rejects(abandon(old, fresh), /another migration is at work there/)
      await assert.rejects(moved([old, other]), /are being copied to sqlite:.*new/)
      return true
    },
  })
  assert.equal(done.switched, true)
  await within(fresh, async () => undefined)
})

/** Makes another run of the copy's worker. */
async function workedOn(
  ends: readonly [StoresOptions, StoresOptions],
  worker: Partial<Worker>,
): Promise<void> {
  const { moves, close } = await openEnds(...ends)
  for (const { to } of moves)
    await changeMark(to, (mark) => mark && { ...mark, worker: { ...someone, ...worker } })
  await close()
}

const someone: Worker = { id: 'another', host: 'elsewhere', pid: 1, until: start + 120 }

test('house: what a worker has left is taken up once its process is gone, and that of another machine after two minutes', async (t) => {
  const here = places(t)
  const ends = [here.at('old'), here.at('new')] as const
  await within(ends[0], filled)
  await moved(ends, { stopped: async () => false })
  await workedOn(ends, { pid: await endedProcess(), host: hostname() })
  await moved(ends, { stopped: async () => false })
  await workedOn(ends, {})
  await assert.rejects(moved(ends), /process 1 on elsewhere, or it was killed: then go on after/)
  here.clock.now += 121
  assert.equal((await moved(ends)).switched, true)
})

test('house: who was taken for killed and is not switches nothing', async (t) => {
  const here = places(t)
  const ends = [here.at('old'), here.at('new')] as const
  await within(ends[0], filled)
  const taken = moved(ends, {
    async stopped() {
      // As if a machine that cannot look at this process had begun a migration from the same store.
      const { moves, close } = await openEnds(...ends)
      for (const { from } of moves) await changeMark(from, (mark) => mark && { ...mark, id: 'x' })
      await close()
      return true
    },
  })
  await assert.rejects(taken, /another migration has begun there meanwhile/)
  await within(ends[0], async () => undefined)
  await assert.rejects(openStores(ends[1]), /unfinished/)
})

async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? 0
}

test('house: a migration whose new store is gone can be given up, and another one begun', async (t) => {
  const here = places(t)
  const [old, gone] = [here.at('old'), { ...here.at('new'), url: 'redis://127.0.0.1:1' }]
  await within(old, filled)
  await moved([old, here.at('new')], { stopped: async () => false })
  await assert.rejects(abandon(old, gone), /no Redis answers there/)
  // The file of the new store is no database any more.
  writeFileSync(join(here.at('new').url.slice('sqlite:'.length), 'records.db'), 'x'.repeat(5000))
  await abandon(old, here.at('new'))
  assert.equal((await moved([old, here.at('other')])).switched, true)
})
