import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { never, type Store, StoreUnavailable } from '../store.ts'
import { guarded, place, value } from './place.suite.ts'
import type { Witness } from './witness.ts'

/** A shelf of which the tally is read as `broken` says, and counts who looks at it. */
function watched(store: Store) {
  const state: { broken: (() => unknown) | undefined; looks: number } = {
    broken: undefined,
    looks: 0,
  }
  const records: Store = {
    ...store,
    async get(key) {
      if (key !== 'tally') return store.get(key)
      state.looks += 1
      state.broken?.()
      return store.get(key)
    },
  }
  return { records, state }
}

const failing: Readonly<Record<string, () => never>> = {
  'does not answer': () => {
    throw new StoreUnavailable('away')
  },
  'answers what cannot be read': () => {
    throw new SyntaxError('Unexpected token')
  },
}

for (const [what, broken] of Object.entries(failing)) {
  test(`house: a store whose tally ${what} is served for three seconds, and again once somebody could look`, async () => {
    const { store } = await place()
    const clock = { ms: 0 }
    const { records, state } = watched(store)
    const { records: served, look } = await guarded({
      ...{ records, begun: true, elapsed: () => clock.ms },
    })
    await served.insert('k', value, never)
    state.broken = broken
    const { events } = await withEvents(async () => {
      for (clock.ms = 1000; clock.ms <= 3000; clock.ms += 1000) {
        await assert.rejects(look())
        assert.ok(await served.get('k'))
      }
      clock.ms = 3001
      for (const verb of [
        async () => served.get('k'),
        () => served.insert('l', value, never),
        () => served.replace('k', 1, value, never),
        () => served.delete('k'),
        () => served.list('f', 1),
      ])
        await assert.rejects(verb, StoreUnavailable)
    })
    const alarms = events.filter(({ level }) => level === 'alarm').map(({ name }) => name)
    assert.deepEqual(alarms, broken === failing['does not answer'] ? [] : ['store.refused'])
    assert.equal(await store.get('l'), undefined)
    state.broken = undefined
    assert.ok(await served.get('k'))
    const { looks } = state
    assert.ok(await served.get('k'))
    assert.equal(state.looks, looks, 'one look counts for whoever asks after it')
  })
}

test('house: whoever asks a process that stood still waits for one look, all for the same, and is not refused', async () => {
  const { store, save } = await place()
  const clock = { ms: 0 }
  const { records, state } = watched(store)
  const { records: served, look } = await guarded({
    ...{ records, begun: true, elapsed: () => clock.ms },
  })
  const restore = await save()
  await served.insert('k', value, never)
  await look()
  clock.ms = 60_000
  state.looks = 0
  const read = await Promise.all(Array.from({ length: 50 }, async () => served.get('k')))
  assert.ok(read.every((stored) => stored !== undefined))
  assert.equal(state.looks, 1)
  clock.ms = 120_000
  restore()
  const refused = await Promise.allSettled(
    Array.from({ length: 50 }, async () => served.insert('j', value, never)),
  )
  assert.ok(refused.every(({ status }) => status === 'rejected'))
  assert.equal(
    await store.get('j'),
    undefined,
    'nothing is spent in a store that came from a backup',
  )
})

test('house: a store that takes no writes is looked at all the same, and one that is behind is refused though it cannot be marked', async () => {
  const { store, save } = await place()
  const full = { yes: false }
  const records: Store = {
    ...store,
    replace: (...given) =>
      full.yes ? Promise.reject(new StoreUnavailable('full')) : store.replace(...given),
  }
  const clock = { ms: 0 }
  const { records: served, look } = await guarded({
    ...{ records, begun: true, elapsed: () => clock.ms },
  })
  const restore = await save()
  await served.insert('k', value, never)
  full.yes = true
  clock.ms = 60_000
  await look()
  assert.ok(await served.get('k'))
  full.yes = false
  await look()
  full.yes = true
  restore()
  await look()
  await assert.rejects(async () => served.get('k'), /as it was left/)
})

test('house: a witness that hangs keeps nobody from being served', async () => {
  const { store } = await place()
  const clock = { ms: 0 }
  const hangs: Witness = {
    ...{ pause: 1, read: async () => ({}) },
    note: () => new Promise(() => undefined),
  }
  const { records: served, keep } = await guarded({
    ...{ records: store, begun: true, witnesses: [hangs], elapsed: () => clock.ms },
  })
  keep()
  for (clock.ms = 10_000; clock.ms < 50_000; clock.ms += 10_000)
    assert.equal(await served.insert(`k${clock.ms}`, value, never), 'won')
})

test('house: what is asked of a store that was connected to anew is told once it was looked at, and no older copy tells anything', async () => {
  const { store, save } = await place()
  let reached = 1
  let held: Promise<unknown> = Promise.resolve()
  const { records, state } = watched({
    ...store,
    insert: async (...given) => {
      await held
      return store.insert(...given)
    },
  })
  const raw = { get: records.get, reached: () => reached }
  const { records: served } = await guarded({
    ...{ records, begun: true, raw: { settings: records, records: raw } },
  })
  const restore = await save()
  assert.equal(await served.insert('jti', value, never), 'won')
  reached += 1
  const looks = state.looks
  assert.ok(await served.get('jti'))
  assert.equal(state.looks, looks + 1)
  assert.ok(await served.get('jti'))
  assert.equal(state.looks, looks + 1, 'once for each connection')
  // What is under way when the connection is lost waits for the next one.
  const { promise, resolve } = Promise.withResolvers<unknown>()
  held = promise
  const again = served.insert('jti', value, never)
  restore()
  reached += 1
  resolve(undefined)
  await assert.rejects(again, /not as it was left/)
  await assert.rejects(async () => served.get('k'), /not as it was left/)
  assert.equal(served.damaged(), true)
})
