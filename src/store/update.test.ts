import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moment, undelayed } from '../../test/undelayed.ts'
import { memoryStore } from './memory/memory.ts'
import { never, type Store, type Stored, StoreUnavailable } from './store.ts'
import { lost, untilDecided, untilKnown, untilSaved, update } from './update.ts'

const now = 1_700_000_000
const text = (stored: Stored | undefined): string => stored?.value.toString() ?? ''

/** A shelf in which another write comes between each of the first `times` reads and what follows. */
function contended(times: number): Store {
  const store = memoryStore(() => now)
  let left = times
  return {
    ...store,
    async get(key) {
      const stored = await store.get(key)
      if (left-- > 0) {
        const value = Buffer.from(`${text(stored)}o`)
        await (stored === undefined
          ? store.insert(key, value, never)
          : store.replace(key, stored.version, value, never))
      }
      return stored
    },
  }
}

test('stores: an update is decided anew by what another write left, until it is the one that counts', async () => {
  for (const others of [0, 1, 4]) {
    const store = contended(others)
    const seen: string[] = []
    const written = await update(store, 'k', 'it', (stored) => {
      seen.push(text(stored))
      return Buffer.from(`${text(stored)}m`)
    })
    assert.equal(written, true)
    assert.deepEqual(
      seen,
      Array.from({ length: others + 1 }, (_, i) => 'o'.repeat(i)),
    )
    assert.equal(text(await store.get('k')), `${'o'.repeat(others)}m`)
  }
})

test('stores: what keeps changing is given up after five tries, and the caller may come back', async () => {
  let tries = 0
  await assert.rejects(
    update(contended(9), 'k', 'a thing', () => {
      tries += 1
      return Buffer.from('m')
    }),
    (error) => error instanceof StoreUnavailable && error.message === 'a thing kept changing',
  )
  assert.equal(tries, 5)
})

test('stores: of many that save one thing at once each is decided, and nobody waits for one that failed', async () => {
  const store = memoryStore(() => now)
  const add = (i: number) => () =>
    untilSaved('it', 'k', async () => {
      const stored = await store.get('k')
      const value = Buffer.from(`${text(stored)}m`)
      const written = await (stored === undefined
        ? store.insert('k', value, never)
        : store.replace('k', stored.version, value, never))
      if (i % 8 === 7) throw new Error('broken')
      return written === 'won' ? i : lost
    })
  const all = await Promise.allSettled(Array.from({ length: 64 }, (_, i) => add(i)()))
  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 56)
  assert.ok(text(await store.get('k')).length >= 56)
})

test('stores: who saves one thing does not wait for who saves another of its kind', async () => {
  let saved = (): void => undefined
  const other = new Promise<void>((resolve) => (saved = resolve))
  const losing = (then: () => Promise<void>) => {
    let tries = 0
    return async () => (++tries === 1 ? lost : then())
  }
  await Promise.all([
    untilSaved(
      'a thing',
      'a',
      losing(() => other),
    ),
    untilSaved(
      'a thing',
      'b',
      losing(async () => saved()),
    ),
  ])
})

test('stores: what other processes change often is saved, and what they keep changing is given up', async () => {
  let tries = 0
  const wonIn = (most: number) => async () => (++tries > most ? 'won' : lost)
  assert.equal(await untilSaved('a thing', 'a', wonIn(20)), 'won')
  tries = 0
  await assert.rejects(untilSaved('a thing', 'a', wonIn(999)), StoreUnavailable)
  assert.equal(tries, 40)
})

test('stores: of sixty-four processes that save one thing at once each is decided', async () => {
  const store = memoryStore(() => now)
  await store.insert('k', Buffer.from(''), never)
  // Each stands for a process: who saves another thing here waits for nobody of these.
  const all = Array.from({ length: 64 }, (_, process) =>
    untilSaved('it', String(process), async () => {
      const stored = (await store.get('k')) as Stored
      await moment()
      const value = Buffer.from(`${text(stored)}m`)
      return (await store.replace('k', stored.version, value, never)) === 'won' ? 'won' : lost
    }),
  )
  assert.deepEqual(
    (await Promise.allSettled(all)).filter(({ status }) => status === 'rejected'),
    [],
  )
  assert.equal(text(await store.get('k')).length, 64)
})

test('stores: who saves first waits for nothing, and who loses for ever longer, for less than a second and a half in all', async (t) => {
  const pauses: number[] = []
  t.mock.method(globalThis, 'setTimeout', ((then: () => void, pause: number) => {
    pauses.push(pause)
    setImmediate(then)
  }) as unknown as typeof setTimeout)
  await untilSaved('a thing', 'a', async () => 'won')
  assert.deepEqual(pauses, [])
  const all: number[][] = []
  for (let i = 0; i < 50; i += 1) {
    await assert.rejects(
      untilSaved('a thing', 'a', async () => lost),
      StoreUnavailable,
    )
    all.push(pauses.splice(0))
  }
  for (const each of all) {
    assert.equal(each.length, 39)
    assert.ok(each.reduce((sum, pause) => sum + pause, 0) < 1500)
  }
  const mean = (i: number) => all.reduce((sum, each) => sum + (each[i] ?? 0), 0) / all.length
  assert.ok(mean(0) <= 1 && mean(0) < mean(3) && mean(3) < mean(30))
  assert.ok(new Set(all.flat()).size > 500)
})

test('stores: an update that has nothing to say writes nothing', async () => {
  const store = memoryStore(() => now)
  assert.equal(await update(store, 'k', 'it', () => undefined), false)
  assert.equal(await store.get('k'), undefined)
})

test('stores: an attempt that lost is made anew, one that threw is not', async () => {
  let tries = 0
  assert.equal(await untilDecided('it', async () => (++tries < 3 ? lost : 'won')), 'won')
  assert.equal(tries, 3)
  await assert.rejects(
    untilDecided('it', () => {
      tries += 1
      return Promise.reject(new Error('broken'))
    }),
    /broken/,
  )
  assert.equal(tries, 4)
})

test('stores: what becomes of a write that failed is asked until the store tells, and on when nobody waits any more', async () => {
  const telling = (after: number) => {
    let asked = 0
    const find = async (): Promise<string> => {
      asked += 1
      if (asked <= after) throw new StoreUnavailable('gone')
      return 'there'
    }
    return { find, asked: () => asked }
  }
  assert.equal(await untilKnown(telling(0).find), 'there')
  assert.equal(await undelayed(() => untilKnown(telling(2).find)), 'there')
  const late = telling(4)
  await undelayed(async () => {
    assert.equal(await untilKnown(late.find), undefined)
    while (late.asked() < 5) await moment()
    await moment(20)
  })
  assert.equal(late.asked(), 5)
  assert.equal(await untilKnown(telling(1).find, false), undefined)
})
