import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { random } from '../../base/random.ts'
import { openStores, provenShelves, unsealed } from '../index.ts'
import { memoryStore } from '../memory/memory.ts'
import { never, type Store, StoreUnavailable } from '../store.ts'
import { acceptShared } from './accept.ts'
import { guarded, place, start, value } from './place.suite.ts'
import { readTally } from './tally.ts'
import { type Witness, witnessFile, witnessSettings } from './witness.ts'

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'parapet-restored-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const distrust = /redis:\/\/host is not as it was left: .*parapet accept-store/

const witnessesIn: Readonly<Record<string, (t: TestContext) => Witness>> = {
  'a file': (t) => witnessFile(join(directory(t), 'data')),
  'the settings': () => witnessSettings(memoryStore(() => start)),
}

for (const [where, witness] of Object.entries(witnessesIn)) {
  test(`house: a store that comes from a backup is noticed at the start, by ${where}, and by all from then on`, async (t) => {
    const { store, save } = await place()
    const witnesses = [{ ...witness(t), pause: 1 }]
    const before = await guarded({ records: store, witnesses, begun: true })
    await before.records.insert('push', value, never)
    await before.look()
    const restore = await save()
    // Opened again it is what it was.
    await guarded({ records: store, witnesses })
    await before.records.insert('jti', Buffer.alloc(0), never)
    await before.look()
    await before.look()
    restore()
    assert.equal(await store.get('jti'), undefined, 'it could be spent again')
    // Who has no witness cannot tell.
    await guarded({ records: store })
    const { events } = await withEvents(() =>
      assert.rejects(guarded({ records: store, witnesses }), distrust),
    )
    assert.deepEqual(
      events.map(({ name, level }) => [name, level]),
      [['store.refused', 'alarm']],
    )
    // But is told.
    await assert.rejects(guarded({ records: store }), distrust)
  })
}

test('house: a store that is restored under a running server is refused within one look, and ready no more', async () => {
  const { store, save } = await place()
  const [first, second] = [
    await guarded({ records: store, begun: true }),
    await guarded({ records: store }),
  ]
  const restore = await save()
  await first.records.insert('jti', Buffer.alloc(0), never)
  await first.look()
  restore()
  const { events } = await withEvents(() => first.look())
  assert.match(String(events[0]?.fields.reason), distrust)
  await first.look()
  assert.equal(first.records.damaged(), true)
  for (const verb of [
    async () => first.records.get('jti'),
    () => first.records.insert('jti', value, never),
    () => first.records.replace('jti', 1, value, never),
    () => first.records.delete('jti'),
    () => first.records.list('f', 1),
  ])
    await assert.rejects(verb, StoreUnavailable)
  await second.look()
  assert.equal(second.records.damaged(), true, 'a server that saw nothing of it is told')
})

test('house: what a failover loses is told and served where nothing else was asked for, and a copy is not', async () => {
  const { store, save } = await place()
  const { look, records } = await guarded({ records: store, begun: true, mayLose: true })
  const early = await save()
  const write = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i += 1) {
      await records.insert(`k${random(6).toString('hex')}`, value, never)
      await look()
    }
  }
  await write(70)
  const late = await save()
  await write(3)
  late()
  const { events } = await withEvents(look)
  assert.deepEqual(
    events.map(({ name, level, fields }) => [name, level, fields.stands_at, fields.seen]),
    [['store.lost_writes', 'alarm', 70, 73]],
  )
  assert.equal(records.damaged(), false)
  assert.equal((await readTally(store))?.tally.count, 74)
  await look()
  early()
  await look()
  assert.equal(records.damaged(), true)
})

test('house: the tally goes up while something is written, by whoever, and not otherwise', async () => {
  const { store } = await place()
  const all = await Promise.all([
    guarded({ records: store, begun: true }),
    guarded({ records: store, begun: true }),
  ])
  const count = async () => (await readTally(store))?.tally.count
  for (let i = 0; i < 5; i += 1) for (const each of all) await each.look()
  assert.equal(await count(), 0)
  await all[0].records.insert('k', value, never)
  for (let i = 0; i < 5; i += 1) for (const each of all) await each.look()
  assert.equal(await count(), 2, 'twice: a write may take until after the first')
  for (let i = 0; i < 20; i += 1) {
    for (const each of all) await each.records.insert(`k${i}`, value, never)
    await Promise.all(all.map((each) => each.look()))
  }
  assert.ok(Number(await count()) >= 22)
  assert.deepEqual(
    all.map(({ records }) => records.damaged()),
    [false, false],
  )
})

test('house: records that are gone are noticed, and a store that was emptied altogether is begun anew', async () => {
  const { store, save } = await place()
  const empty = await save()
  const witnesses = [witnessSettings(memoryStore(() => start))]
  await guarded({ records: store, witnesses, begun: true }).then(({ keep }) => keep().stop())
  empty()
  await assert.rejects(guarded({ records: store, witnesses }), /its tally is gone/)
  await guarded({ records: store, witnesses, begun: true })
})

test('house: a store that was moved away is no longer served by who has it open', async () => {
  const { store } = await place()
  const { look, records } = await guarded({ records: store, begun: true })
  const mark = { id: 'x', role: 'from', state: 'moved', other: 'postgres://host' }
  await store.insert('migration', Buffer.from(JSON.stringify(mark)), never)
  await look()
  await assert.rejects(async () => records.get('k'), /moved to postgres:\/\/host/)
})

test('house: a witness that cannot be read or written stops nobody, and is told once', async (t) => {
  const data = directory(t)
  writeFileSync(join(data, 'records.witness'), '{')
  const witness = witnessFile(data)
  const { events } = await withEvents(async () => {
    assert.deepEqual(await witness.read(), {})
    assert.deepEqual(await witness.read(), {})
    await witnessFile(join(data, 'records.witness', 'below')).note({})
  })
  assert.deepEqual(
    events.map(({ name }) => name),
    ['store.not_witnessed', 'store.not_witnessed'],
  )
})

test('house: once an operator accepts it a restored store is served again, what was issued is void, and no older copy passes', async (t) => {
  const data = directory(t)
  const options = {
    url: `sqlite:${join(directory(t), 'store')}`,
    ...{ data, random, now: () => start, writer: 'here' as const },
  }
  const within = async <T>(use: (records: Store) => Promise<T>): Promise<T> => {
    const shelves = await provenShelves(options)
    try {
      const { records } = unsealed(shelves, options)
      const witnesses = [witnessFile(data)]
      const opened = await guarded({ records, witnesses, begun: shelves.begun })
      return await use(opened.records)
    } finally {
      await Promise.all([shelves.settings.close(), shelves.records.close()])
    }
  }
  await within(async (records) => records.insert('push', value, never))
  await witnessFile(data).note(
    await within(async (records) => {
      const found = await readTally(records)
      return { [found?.tally.id ?? '']: { count: 17 } }
    }),
  )
  await assert.rejects(
    within(async () => undefined),
    distrust,
  )
  const kept = await acceptShared(options, true, 0)
  assert.match(kept.join('\n'), /its tally stood at 0, 17 was seen\nAll records are kept/)
  await within(async (records) => assert.ok(await records.get('push')))
  assert.match((await acceptShared(options, false, 0)).join('\n'), /void: 1 records were deleted/)
  await within(async (records) => {
    assert.equal(await records.get('push'), undefined)
    const tally = (await readTally(records))?.tally
    assert.equal(tally?.before.length, 2)
    // The copy from before the acceptance, with a tally as high as may be.
    const [older = ''] = tally?.before ?? []
    const { store } = await place()
    const forged = { id: older, count: 1000, before: [] }
    await store.insert('tally', Buffer.from(JSON.stringify(forged)), never)
    await assert.rejects(
      guarded({ records: store, witnesses: [witnessFile(data)] }),
      /from before it was accepted/,
    )
  })
  const { settings } = await openStores(options)
  assert.ok(await settings.get('accepted-store'))
})
