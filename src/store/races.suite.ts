/* The contract of many verbs at once, and of walks over many records. */
import assert from 'node:assert/strict'
import { keyTime, never, type Outcome, type Shelf, type Store } from './store.ts'
import {
  type Check,
  mark,
  other,
  type Subject,
  start,
  text,
  value,
  version,
} from './verbs.suite.ts'

function count<T>(all: readonly T[], one: T): number {
  return all.filter((it) => it === one).length
}

/** What 64 at once were answered. */
function at64<T>(write: (i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: 64 }, (_, i) => write(i)))
}

async function oneWinner(outcomes: Promise<Outcome[]>, losers: Outcome): Promise<void> {
  const all = await outcomes
  assert.equal(count(all, 'won'), 1)
  assert.equal(count(all, losers), 63)
}

/** Title and check. */
export const races: Record<string, Check> = {
  '64 inserts of one key have one winner': ({ store }) =>
    oneWinner(
      at64((i) => store.insert('k', Buffer.from([i]), never)),
      'lost',
    ),
  '64 replaces of one version have one winner': async ({ store }) => {
    await store.insert('k', value, never)
    const from = await version(store, 'k')
    const replaces = at64((i) => store.replace('k', from, Buffer.from([i]), never))
    await oneWinner(replaces, 'lost')
    assert.equal((await store.get('k'))?.value[0], (await replaces).indexOf('won'))
  },
  '64 deletes of one key have one winner': async ({ store }) => {
    await store.insert('k', value, never)
    const deletes = await at64(() => store.delete('k'))
    assert.equal(deletes.filter(Boolean).length, 1)
  },
  '64 writes with one mark have one winner, and no other wrote': async ({ store }) => {
    await oneWinner(
      at64((i) => store.insert(`k/${i}`, value, never, mark)),
      'spent',
    )
    assert.equal((await store.list('k', 64)).keys.length, 1)
  },
}

/** Every key of a folder, page by page. */
async function listed(store: Store, folder: string, limit: number): Promise<string[]> {
  const keys: string[] = []
  let cursor: string | undefined
  do {
    const page = await store.list(folder, limit, cursor)
    assert.ok(page.keys.length <= limit)
    keys.push(...page.keys)
    cursor = page.cursor
  } while (cursor !== undefined)
  return keys
}

async function sweepOften(store: Store): Promise<number> {
  let swept = 0
  for (let i = 0; i < 100; i += 1) swept += (await store.sweep()) ?? 0
  return swept
}

/** All that a walk meets, each once. */
async function walkedThrough(shelf: Shelf, limit: number): Promise<ReadonlyMap<string, string>> {
  const met = new Map<string, string>()
  let cursor: string | undefined
  do {
    const page = await shelf.walk(limit, cursor)
    for (const { key, version, expiry } of page.records) met.set(key, `${version} ${expiry}`)
    cursor = page.cursor
  } while (cursor !== undefined)
  return met
}

/** Title and check. */
export const walks: Record<string, (subject: Subject & { store: Shelf }) => Promise<void>> = {
  'a walk tells an expiry that had a fraction as the next whole second': async ({ store }) => {
    const mark = { key: 'mark', expiry: start + 9.001 }
    await store.insert('one', Buffer.from('value'), start + 9.177, mark)
    const met = [...(await walkedThrough(store, 10)).values()]
    assert.deepEqual(
      met.map((each) => each.split(' ')[1]),
      [start + 10, start + 10].map(String),
    )
  },
  'a walk meets all there is, whatever its folder, and nothing that has ended': async ({
    store,
    clock,
  }) => {
    assert.equal((await walkedThrough(store, 10)).size, 0)
    const keys = ['b', 'a/b', 'a', 'c/d/e', `${keyTime(start + 9)}x`]
    keys.push(...Array.from({ length: 40 }, (_, i) => `f/${i}`))
    for (const key of keys) await store.insert(key, Buffer.from(key), start + 9)
    await store.insert('aa', value, start)
    clock.now = start + 1
    for (const limit of [1, 3, 100]) {
      const met = await walkedThrough(store, limit)
      assert.deepEqual([...met.keys()].sort(), keys.toSorted())
      assert.equal(met.get('c/d/e'), `${await version(store, 'c/d/e')} ${start + 9}`)
    }
  },
}

/** Title and check. */
export const lists: Record<string, Check> = {
  'list pages through the keys directly in a folder, in order': async ({ store, clock }) => {
    const names = Array.from({ length: 25 }, (_, i) => `f/${String(i * 7).padStart(3, '0')}`)
    const elsewhere = ['f', 'f0/a', 'g/a', 'f/03/a', 'f/03/b/c', 'f/100x/a', 'f/zz/a', 'f.x/a']
    for (const key of names.toReversed()) await store.insert(key, value, never)
    for (const key of elsewhere) await store.insert(key, value, never)
    for (let i = 0; i < 40; i += 1) await store.insert(`f/050/${i}`, value, never)
    await store.insert('f/001', value, start)
    clock.now = start + 1
    for (const limit of [1, 5, 25, 26]) assert.deepEqual(await listed(store, 'f', limit), names)
    assert.equal((await store.list('f', 25)).cursor, undefined)
    // Behind a text that is no key, too.
    assert.deepEqual((await store.list('f', 2, 'f/01')).keys, ['f/014', 'f/021'])
    assert.deepEqual(await listed(store, 'f/03', 5), ['f/03/a'])
    assert.deepEqual(await listed(store, 'nothing', 5), [])
  },
}

/** Title and check, of stores that are swept: others delete by themselves what has ended. */
export const sweeps: Record<string, Check> = {
  'sweep removes garbage in bounded batches and nothing else': async ({ store, clock }) => {
    const keys = Array.from({ length: 1500 }, (_, i) => `${keyTime(start + 5)}${i}`)
    await Promise.all(keys.map((key) => store.insert(key, value, start + 5)))
    await store.insert(`${keyTime(start + 9000)}late`, value, start + 9000)
    await store.insert('settings/forever', value, never)
    assert.equal(await sweepOften(store), 0)
    clock.now = start + 1000
    const first = (await store.sweep()) ?? 0
    assert.ok(first > 0 && first <= 1000, `${first} in one batch`)
    assert.equal(first + (await sweepOften(store)), 1500)
    clock.now = start // what was only hidden would be back
    for (const key of keys) assert.equal(await store.get(key), undefined)
    assert.equal(await text(store, `${keyTime(start + 9000)}late`), 'value')
    assert.equal(await text(store, 'settings/forever'), 'value')
  },
  'sweep passes survivors by and comes back for them': async ({ store, clock }) => {
    const keys = Array.from({ length: 900 }, (_, i) => `${keyTime(start + 5)}${i}`)
    const lives = (i: number): boolean => i % 3 === 0
    await Promise.all(keys.map((key) => store.insert(key, value, start + 5)))
    const live = async (key: string): Promise<unknown> =>
      store.replace(key, await version(store, key), other, start + 5000)
    await Promise.all(keys.filter((_, i) => lives(i)).map(live))
    clock.now = start + 1000
    assert.equal(await sweepOften(store), 600)
    const newer = `${keyTime(start + 900)}new`
    await store.insert(newer, value, start + 900)
    assert.equal(await sweepOften(store), 1)
    assert.equal(await text(store, keys[0] ?? ''), 'other')
    clock.now = start + 6000
    assert.equal(await sweepOften(store), 300)
    clock.now = start
    for (const key of [...keys, newer]) assert.equal(await store.get(key), undefined)
  },
  'sweep leaves what has ended by the clock alone, until its own time says so too': async ({
    store,
    clock,
  }) => {
    const key = `${keyTime(start + 5)}mark`
    for (const name of [key, 'untimed']) await store.insert(name, value, start + 5)
    clock.now = start + 9000
    clock.lag = 9000
    assert.equal(await sweepOften(store), 0)
    assert.equal(await store.get(key), undefined, 'hidden')
    clock.now = start
    clock.lag = 0
    for (const name of [key, 'untimed']) assert.equal(await text(store, name), 'value')
    clock.now = start + 9000
    assert.equal(await sweepOften(store), 2)
  },
  'sweep finds keys without a time, and late ones behind it': async ({ store, clock }) => {
    for (let i = 0; i < 300; i += 1) await store.insert(`consents/${i}`, value, never)
    await store.insert('mail/code', value, start + 5)
    clock.now = start + 1000
    assert.equal(await sweepOften(store), 1)
    await store.insert(`${keyTime(start + 5)}late`, value, start + 1500)
    await store.insert('zz', value, start + 1500)
    clock.now = start + 3000
    assert.equal(await sweepOften(store), 2)
  },
}
