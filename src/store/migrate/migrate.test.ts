import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextTurn } from '../../base/time.ts'
import { acceptStores } from '../accept.ts'
import type { StoresOptions } from '../backend.ts'
import { openStores } from '../index.ts'
import { keyTime, never } from '../store.ts'
import { abandon } from './abandon.ts'
import { filled, moved, type Places, places, start, value, within } from './ends.suite.ts'
import type { Step } from './migration.ts'
import { openEnds } from './open.ts'

/** What is in a store, unsealed, with the end of each. */
async function contents({ at, clock }: Places, options: StoresOptions): Promise<readonly string[]> {
  const raw = await openEnds(options, at('nowhere'))
  const { moves } = raw
  try {
    const found: string[] = []
    for (const { name, from } of moves) {
      let cursor: string | undefined
      do {
        const page = await from.walk(1000, cursor)
        for (const { key, value: sealed, expiry } of page.records)
          if (key !== 'migration') found.push(`${name} ${key} ${expiry} ${sealed.toString('hex')}`)
        cursor = page.cursor
      } while (cursor !== undefined)
    }
    assert.ok(clock.now > 0)
    return found.sort()
  } finally {
    await raw.close()
  }
}

test('house: a migration moves every record with its value and end, and what was spent while it ran is spent where it went', async (t) => {
  const here = places(t)
  const ends = [here.at('old'), here.at('new')] as const
  const old = await openStores(ends[0])
  await filled(old)
  const spent: string[] = []
  const redeemed: string[] = []
  const removed: string[] = []
  let serving = true
  /** A server that goes on: spends ids, redeems what was pushed, ends what was begun. */
  const serve = async (): Promise<void> => {
    for (let i = 0; serving; i += 1) {
      const [jti, pushed] = [`${keyTime(start + 60)}:${i}`, `${keyTime(start + 90)}${i % 600}`]
      const mark = { key: jti, expiry: start + 60 }
      assert.equal(await old.records.insert(`${pushed}-${i}`, value, start + 90, mark), 'won')
      spent.push(jti)
      const stored = await old.records.get(pushed)
      if (stored !== undefined && i % 3 > 0) {
        await old.records.replace(pushed, stored.version, Buffer.from(`redeemed ${i}`), start + 200)
        redeemed.push(pushed)
      } else if (await old.records.delete(pushed)) removed.push(pushed)
      await nextTurn()
    }
  }
  const served = serve()
  const steps = new Set<Step['what']>()
  const done = await moved(ends, {
    tell: ({ what }) => steps.add(what),
    async stopped() {
      const before = spent.length
      while (spent.length < before + 50) await nextTurn()
      serving = false
      await served
      return true
    },
  })
  assert.equal(done.switched, true)
  assert.deepEqual(
    [...steps],
    ['copying', 'following', 'switching', 'verifying'].filter((each) =>
      steps.has(each as Step['what']),
    ),
  )
  assert.ok(steps.has('verifying') && removed.length > 10 && redeemed.length > 10)
  await old.close()
  await within(ends[1], async ({ settings, records }) => {
    assert.equal((await settings.get('client/a/599'))?.value.toString(), 'client 599')
    for (const jti of spent)
      assert.equal(await records.insert(jti, value, never), 'lost', `${jti} was spent`)
    for (const key of redeemed)
      if (!removed.includes(key)) assert.match(String((await records.get(key))?.value), /^redeemed/)
    for (const key of removed) assert.equal(await records.get(key), undefined)
    here.clock.now = start + 31
    assert.equal(await settings.get('turn'), undefined, 'it ends when it was to end')
  })
})

test('house: what was moved away is not served again, and what is half there is not served yet; it may be moved back', async (t) => {
  const here = places(t)
  const ends = [here.at('old'), here.at('new')] as const
  await within(ends[0], filled)
  const before = await contents(here, ends[0])
  assert.deepEqual(await moved(ends, { stopped: async () => false }), {
    switched: false,
    counts: { settings: 602, records: 601 },
  })
  await within(ends[0], async ({ settings }) => settings.insert('late', value, never))
  await assert.rejects(openStores(ends[1]), /unfinished copy of sqlite:.*old.*parapet migrate/)
  await moved(ends)
  assert.equal((await contents(here, ends[1])).length, before.length + 1)
  await assert.rejects(openStores(ends[0]), /were moved to sqlite:.*new/)
  await assert.rejects(moved(ends), /moved already/)
  await assert.rejects(moved([ends[0], here.at('third')]), /were moved to sqlite:.*new/)
  await within(ends[1], async ({ settings }) => settings.delete('late'))
  await moved([ends[1], ends[0]])
  assert.deepEqual(await contents(here, ends[0]), before)
  await within(ends[0], async () => undefined)
  await assert.rejects(openStores(ends[1]), /were moved to/)
})

test('house: a migration that was cut short goes on, and copies nothing twice', async (t) => {
  const here = places(t)
  const ends = [here.at('old'), here.at('new')] as const
  await within(ends[0], filled)
  const cut = moved(ends, {
    tell({ name, done }) {
      if (name === 'records' && done > 0) throw new Error('cut')
    },
  })
  await assert.rejects(cut, /cut/)
  await assert.rejects(openStores(ends[1]), /unfinished/)
  const versions = async (): Promise<ReadonlyMap<string, number>> => {
    const { moves, close } = await openEnds(...ends)
    const page = await moves[0]?.to.walk(1000)
    await close()
    return new Map(page?.records.map(({ key, version }) => [key, version]))
  }
  const copied = await versions()
  assert.equal(copied.size, 602 + 1)
  await moved(ends)
  const after = await versions()
  for (const [key, version] of copied)
    if (key !== 'migration') assert.equal(after.get(key), version, key)
})

test('house: nothing is switched while somebody writes to the old store, or has it open', async (t) => {
  const here = places(t)
  const ends = [here.at('old'), here.at('new')] as const
  const old = await openStores(ends[0])
  t.after(() => old.close())
  await old.records.insert('k', value, never)
  let i = 0
  const tell = ({ what }: Step): void => {
    i += 1
    if (what === 'switching') void old.records.insert(`k${i}`, value, never)
  }
  await assert.rejects(moved(ends, { tell }), /somebody still writes to one of the stores/)
  await assert.rejects(moved(ends, { holder: () => 17 }), /process 17 has the old store open/)
  await assert.rejects(openStores(ends[1]), /unfinished/)
  assert.equal((await moved(ends)).switched, true)
})

test('house: a migration wants an empty store, or its own', async (t) => {
  const here = places(t)
  const [old, full] = [here.at('old'), here.at('full')]
  for (const each of [old, full]) await within(each, filled)
  await assert.rejects(moved([old, full]), /there are settings in .* already/)
  await assert.rejects(openEnds(old, old), /same store/)
  await moved([old, here.at('new')], { stopped: async () => false })
  await assert.rejects(moved([full, here.at('new')]), /unfinished copy of the settings of .*old/)
  await assert.rejects(moved([here.at('new'), here.at('more')]), /are an unfinished copy of/)
  await assert.rejects(moved([old, here.at('more')]), /being copied to sqlite:.*new.*--abandon/)
  await assert.rejects(abandon(old, here.at('more')), /being copied to sqlite:.*new.*--abandon/)
  await abandon(old, here.at('new'))
  await assert.rejects(
    abandon(old, here.at('new')),
    /^Error: nothing is being copied from .*old to .*new$/,
  )
  await within(old, async () => undefined)
  await assert.rejects(openStores(here.at('new')), /unfinished/)
})

test('house: records alone may move, where the settings stay', async (t) => {
  const here = places(t)
  const [old, apart] = [here.at('old'), here.at('records', 'old')]
  await within(old, filled)
  assert.deepEqual(await moved([old, apart]), { switched: true, counts: { records: 601 } })
  await within(apart, async ({ settings, records }) => {
    assert.equal((await settings.get('client/a/5'))?.value.toString(), 'client 5')
    assert.equal((await records.get(`${keyTime(start + 90)}5`))?.value.toString(), 'value')
  })
  await assert.rejects(openStores(old), /the records were moved to/)
})

test('house: what an operator accepted of files stays accepted where they are moved, and records alone too', async (t) => {
  const here = places(t)
  const [old, apart, fresh] = [here.at('old'), here.at('records', 'old'), here.at('new')]
  await within(old, filled)
  await acceptStores({ ...old, settingsUrl: old.url }, false)
  here.clock.now = start + 100
  await moved([old, apart])
  await within(apart, async ({ accepted }) => assert.equal(accepted, start))
  await moved([apart, fresh])
  await within(fresh, async ({ accepted }) => assert.equal(accepted, start))
})

test('house: nothing is moved to where it would end with the process', async (t) => {
  const here = places(t)
  const old = here.at('old')
  await within(old, filled)
  const gone = { ...old, url: 'memory:', settingsUrl: 'memory:' }
  await assert.rejects(
    moved([old, gone]),
    /memory: is gone with the process: nothing can be moved there/,
  )
  await within(old, async () => undefined)
})
