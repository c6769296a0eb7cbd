/* The contract of each verb alone. */
import assert from 'node:assert/strict'
import { delay } from '../base/time.ts'
import { never, type Store, StoreUnavailable } from './store.ts'

/** What a check is run on. */
export interface Subject {
  readonly store: Store
  /** Seconds, and by how many the time of sweeping is behind; a test sets both. */
  readonly clock: { now: number; lag: number }
}

/** One sentence of the contract. */
export type Check = (subject: Subject) => Promise<void>

/** The time when a check begins. */
export const start = 1_800_000_000
export const value = Buffer.from('value')
export const other = Buffer.from('other')

/** The version a record has now. */
export async function version(store: Store, key: string): Promise<number> {
  const stored = await store.get(key)
  assert.ok(stored, `${key} is there`)
  return stored.version
}

/** The value a record has now. */
export async function text(store: Store, key: string): Promise<string | undefined> {
  return (await store.get(key))?.value.toString()
}

/** Title and check. */
export const verbs: Record<string, Check> = {
  'insert wins once, and the first value stays': async ({ store }) => {
    assert.equal(await store.get('k'), undefined)
    assert.equal(await store.insert('k', value, never), 'won')
    assert.equal(await store.insert('k', other, never), 'lost')
    assert.equal(await text(store, 'k'), 'value')
  },
  'replace wins only against the version it names': async ({ store }) => {
    assert.equal(await store.replace('k', 1, value, never), 'lost')
    await store.insert('k', value, never)
    const first = await version(store, 'k')
    assert.equal(await store.replace('k', first + 1, other, never), 'lost')
    assert.equal(await store.replace('k', first, other, never), 'won')
    assert.equal(await store.replace('k', first, value, never), 'lost')
    assert.equal(await text(store, 'k'), 'other')
  },
  'a value may have any length, and change it': async ({ store }) => {
    const lengths = [0, 1, 800, 900, 1100, 5000, 200_000, 10]
    const valueOf = (length: number): Buffer => Buffer.alloc(length, length % 251)
    for (const length of lengths) {
      assert.equal(await store.insert(`k${length}`, valueOf(length), never), 'won')
      assert.equal(await store.insert(`k${length}`, value, never), 'lost')
      for (const next of lengths) {
        const from = await version(store, `k${length}`)
        assert.equal(await store.replace(`k${length}`, from, valueOf(next), never), 'won')
        assert.equal(await store.replace(`k${length}`, from, valueOf(70_000), never), 'lost')
        assert.deepEqual((await store.get(`k${length}`))?.value, valueOf(next))
      }
    }
  },
  'delete tells whether there was something': async ({ store }) => {
    await store.insert('k', value, never)
    assert.equal(await store.delete('k'), true)
    assert.equal(await store.delete('k'), false)
    assert.equal(await store.get('k'), undefined)
  },
  'an expired record counts as none for every verb': async ({ store, clock }) => {
    for (const key of ['get', 'insert', 'replace', 'delete', 'f/list']) {
      await store.insert(key, value, start + 10)
    }
    const old = await version(store, 'replace')
    clock.now = start + 10
    assert.equal(await text(store, 'get'), 'value', 'its last second')
    assert.equal(await store.insert('insert', other, never), 'lost', 'its last second')
    clock.now = start + 11
    assert.equal(await store.get('get'), undefined)
    assert.equal(await store.replace('replace', old, other, never), 'lost')
    assert.equal(await store.delete('delete'), false)
    assert.deepEqual((await store.list('f', 10)).keys, [])
    assert.equal(await store.insert('insert', other, never), 'won')
    assert.equal(await text(store, 'insert'), 'other')
  },
  'an expiry with a fraction is the next whole second': async ({ store, clock }) => {
    await store.insert('insert', value, start + 9.177)
    await store.insert('replace', value, never)
    await store.replace('replace', await version(store, 'replace'), other, start + 9.5)
    clock.now = start + 10
    assert.deepEqual(
      [await text(store, 'insert'), await text(store, 'replace')],
      ['value', 'other'],
    )
    clock.now = start + 11
    assert.deepEqual(
      [await store.get('insert'), await store.get('replace')],
      [undefined, undefined],
    )
  },
  'replace moves the expiry both ways': async ({ store, clock }) => {
    await store.insert('longer', value, start + 10)
    await store.insert('shorter', value, never)
    await store.replace('longer', await version(store, 'longer'), other, start + 100)
    await store.replace('shorter', await version(store, 'shorter'), other, start + 5)
    clock.now = start + 50
    assert.equal(await text(store, 'longer'), 'other')
    assert.equal(await store.get('shorter'), undefined)
  },
  'a version never comes twice, not across delete, expiry and insert': async (subject) => {
    const { store, clock } = subject
    const seen = new Set<number>()
    for (let i = 0; i < 30; i += 1) {
      assert.equal(await store.insert('k', value, clock.now + 5), 'won')
      seen.add(await version(store, 'k'))
      await store.replace('k', await version(store, 'k'), value, clock.now + 5)
      seen.add(await version(store, 'k'))
      if (i % 2 === 0) await store.delete('k')
      else clock.now += 6
    }
    assert.equal(seen.size, 60)
  },
  'values are bytes: every byte, none, and a mebibyte': async ({ store }) => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    const large = Buffer.alloc(2 ** 20, all)
    const values = { all, empty: Buffer.alloc(0), large }
    for (const [key, bytes] of Object.entries(values)) await store.insert(key, bytes, never)
    for (const [key, bytes] of Object.entries(values)) {
      assert.ok((await store.get(key))?.value.equals(bytes), key)
      await store.replace(key, await version(store, key), bytes, never)
      assert.ok((await store.get(key))?.value.equals(bytes), key)
    }
  },
  'what was handed in or out may be changed': async ({ store }) => {
    const mine = Buffer.from('value')
    await store.insert('k', mine, never)
    mine.fill(0)
    const read = await store.get('k')
    read?.value.fill(0)
    assert.equal(await text(store, 'k'), 'value')
  },
  'a key that breaks the contract is refused': async ({ store }) => {
    for (const key of ['', 'ä', 'a\n', 'a\0', 'k'.repeat(513)]) {
      await assert.rejects(store.insert(key, value, never), /not a key/)
      await assert.rejects(store.insert('k', value, never, { key, expiry: never }), /not a key/)
    }
    assert.equal(await store.insert('k'.repeat(512), value, never), 'won')
  },
  'a closed store is unavailable, and what was pushed before is done': async ({ store }) => {
    const pushed = store.insert('k', value, never)
    await store.close()
    assert.equal(await pushed, 'won')
    await assert.rejects(store.insert('l', value, never), StoreUnavailable)
    await assert.rejects(async () => store.get('k'), StoreUnavailable)
  },
}

/** Title and check, of shelves whose records somebody keeps in memory. */
export const counts: Record<string, Check> = {
  'the stamp changes with every write that won, and by nothing else': async ({ store }) => {
    const stamps = [await store.changeCount()]
    await store.insert('k', value, never)
    stamps.push(await store.changeCount())
    await store.replace('k', await version(store, 'k'), other, never)
    stamps.push(await store.changeCount())
    await store.delete('k')
    stamps.push(await store.changeCount())
    await store.insert('k', value, never, { key: 'mark', expiry: never })
    stamps.push(await store.changeCount())
    await store.delete('k')
    stamps.push(await store.changeCount())
    assert.equal(new Set(stamps).size, stamps.length)
    assert.ok(await readsLeaveStamp(store, attempts), 'reads changed the stamp')
  },
}

/** How often the stamp may change late: five writes may each be told and looked at once more. */
const attempts = 12

/**
 * Whether the stamp is the same before and after reads, within so many attempts. A store may count a write of its own
 * again when word of it comes back, or at its next look; one that counts reads fails every time.
 */
async function readsLeaveStamp(store: Store, left: number): Promise<boolean> {
  const before = await store.changeCount()
  await store.get('mark')
  await store.list('f', 10)
  await delay(5)
  if ((await store.changeCount()) === before) return true
  return left > 1 && readsLeaveStamp(store, left - 1)
}

/** A mark that is remembered for ten seconds. */
export const mark = { key: 'mark', expiry: start + 10 }

/** Title and check. */
export const marks: Record<string, Check> = {
  'a mark is spent with the first write, and later ones are skipped': async ({ store }) => {
    assert.equal(await store.insert('a', value, never, mark), 'won')
    assert.equal(await store.insert('b', value, never, mark), 'spent')
    assert.equal(await store.get('b'), undefined)
    assert.equal(await store.replace('a', await version(store, 'a'), other, never, mark), 'spent')
    assert.equal(await text(store, 'a'), 'value')
    assert.equal(await store.insert('mark', value, never), 'lost')
    assert.equal((await store.get('mark'))?.value.length, 0)
  },
  'a mark spent by a write that lost stays spent': async ({ store }) => {
    await store.insert('a', value, never)
    assert.equal(await store.insert('a', other, never, mark), 'lost')
    assert.equal(await store.insert('b', other, never, mark), 'spent')
    const wrong = (await version(store, 'a')) + 1
    assert.equal(await store.replace('a', wrong, other, never, { ...mark, key: 'm2' }), 'lost')
    assert.equal(await store.insert('b', other, never, { ...mark, key: 'm2' }), 'spent')
  },
  'a mark whose expiry has a fraction is remembered through the next whole second': async ({
    store,
    clock,
  }) => {
    const short = { key: 'mark', expiry: start + 9.001 }
    assert.equal(await store.insert('a', value, never, short), 'won')
    clock.now = start + 10
    assert.equal(await store.insert('b', value, never, short), 'spent')
    clock.now = start + 11
    assert.equal(await store.insert('b', value, never, mark), 'won')
  },
  'an expired mark counts as none': async ({ store, clock }) => {
    await store.insert('a', value, never, mark)
    clock.now = start + 10
    assert.equal(await store.insert('b', value, never, mark), 'spent')
    clock.now = start + 11
    const again = { ...mark, expiry: start + 20 }
    assert.equal(await store.insert('b', value, never, again), 'won')
    assert.equal(await store.insert('c', value, never, again), 'spent')
  },
}
