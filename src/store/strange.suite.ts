/* The contract of what strangers may have chosen: keys that are none, times that no clock shows, places in a list. */
import assert from 'node:assert/strict'
import { never, type Shelf } from './store.ts'
import { type Check, other, type Subject, start, text, value, version } from './verbs.suite.ts'

const notKeys = ['', 'ä', 'a\n', 'a\0', '\0', '\ud800', 'f/\0', 'k'.repeat(513), 'ä'.repeat(5000)]

/** What no clock shows, and whether what has such an expiry is there. */
const expiries: readonly (readonly [expiry: number, isThere: boolean])[] = [
  [never, true],
  [never + 0.5, true],
  [2 ** 53, true],
  [2 ** 60, true],
  [2 ** 64, true],
  [1e300, true],
  [Number.POSITIVE_INFINITY, true],
  [0, false],
  [-0, false],
  [-1.5, false],
  [-(2 ** 60), false],
  [-1e300, false],
  [Number.NEGATIVE_INFINITY, false],
]

/** Title and check. */
export const strange: Record<string, Check> = {
  'what is no key is there under none, and is no other’s business': async ({ store }) => {
    await store.insert('k', value, never)
    for (const [i, key] of notKeys.entries()) {
      const read = await Promise.all([store.get(key), text(store, 'k')])
      assert.deepEqual(read, [undefined, 'value'], JSON.stringify(key))
      const made = await Promise.all([store.delete(key), store.insert(`k${i}`, value, never)])
      assert.deepEqual(made, [false, 'won'], JSON.stringify(key))
      assert.equal(await store.replace(`k${i}`, await version(store, `k${i}`), other, never), 'won')
    }
  },
  'an expiry may be any number, and is no other’s business': async ({ store }) => {
    for (const [i, [expiry, isThere]] of expiries.entries()) {
      await store.insert(`r${i}`, value, never)
      const from = await version(store, `r${i}`)
      const made = await Promise.all([
        store.insert(`k${i}`, value, expiry),
        store.replace(`r${i}`, from, other, expiry),
        store.insert(`by${i}`, value, start + 9, { key: `m${i}`, expiry }),
        store.insert(`e${i}`, Buffer.alloc(0), expiry),
        store.insert(`o${i}`, value, never),
      ])
      assert.deepEqual(made, ['won', 'won', 'won', 'won', 'won'], String(expiry))
      for (const key of [`k${i}`, `r${i}`, `m${i}`, `e${i}`])
        assert.equal((await store.get(key)) !== undefined, isThere, `${key} ${expiry}`)
    }
  },
  'what has no number as its expiry fails, and nothing else': async ({ store }) => {
    const made = await Promise.allSettled([
      store.insert('a', value, Number.NaN),
      store.insert('b', value, never, { key: 'm', expiry: Number.NaN }),
      store.insert('c', value, never),
    ])
    assert.deepEqual(
      made.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    )
    assert.equal(await store.get('m'), undefined)
  },
  'a list begins behind any text': async ({ store }) => {
    const inside = ['f/A', 'f/B', 'f/a', 'f/b', 'f/{x}:y', 'f/~']
    for (const key of [...inside, 'e', 'ea/b', 'f', 'f/a/c', 'f0', 'g/a', 'F/a'])
      await store.insert(key, value, never)
    const behind = (cursor: string) => store.list('f', 10, cursor).then(({ keys }) => keys)
    for (const cursor of ['', 'a', 'e', 'ea/', 'f', 'f.', 'f/', '\0', 'F/a'])
      assert.deepEqual(await behind(cursor), inside, JSON.stringify(cursor))
    for (const cursor of [
      'f0',
      'f0/a',
      'g',
      'fä',
      'f\ud800',
      'f/ä',
      'f/\u{1f600}',
      'f/~\0',
      'f/~\ud800',
    ])
      assert.deepEqual(await behind(cursor), [], JSON.stringify(cursor))
    for (const cursor of ['f/B', 'f/B\0', 'f/Bä', 'f/B\ud800', 'f/B/x', 'f/Z', 'f/['])
      assert.deepEqual(await behind(cursor), inside.slice(2), JSON.stringify(cursor))
    for (const cursor of ['f/\0', 'f/\0\n', 'f/!'])
      assert.deepEqual(await behind(cursor), inside, JSON.stringify(cursor))
    for (const folder of ['', '\0', 'ä', 'f\0', '\ud800', 'k'.repeat(600)])
      assert.deepEqual((await store.list(folder, 10)).keys, [], JSON.stringify(folder))
  },
}

/** The same of walks. */
export const strangeWalks: Record<string, (subject: Subject & { store: Shelf }) => Promise<void>> =
  {
    'a walk tells whatever expiry there is as one that every store takes': async ({ store }) => {
      for (const [i, [expiry]] of expiries.entries()) await store.insert(`k${i}`, value, expiry)
      const told = new Map<string, number>()
      let cursor: string | undefined
      do {
        const page = await store.walk(5, cursor)
        for (const { key, expiry } of page.records) told.set(key, expiry)
        cursor = page.cursor
      } while (cursor !== undefined)
      const there = expiries.flatMap(([, isThere], i) => (isThere ? [`k${i}`] : []))
      assert.deepEqual([...told.keys()].sort(), there.sort())
      for (const expiry of told.values()) assert.equal(expiry, never)
    },
  }
