import assert from 'node:assert/strict'
import { test } from 'node:test'
import { late } from '../../test/late-store.ts'
import { cachedReads } from './cached.ts'
import { memoryStore } from './memory/memory.ts'
import { never, type Store, type Stored } from './store.ts'

interface Counted {
  readonly store: Store
  readonly reads: () => number
}

/** A store that counts what is read of it, and answers later. */
async function counted(): Promise<Counted> {
  const store = memoryStore(() => 0)
  await store.insert('a', Buffer.from('1'), never)
  let reads = 0
  const get = async (key: string): Promise<Stored | undefined> => {
    reads += 1
    return store.get(key)
  }
  return { store: { ...store, get }, reads: () => reads }
}

const keyOf = (name: string): string => name

test('house: a thousand who ask for what nobody asked for yet cause one read, parsed once', async () => {
  const { store, reads } = await counted()
  let parsed = 0
  const parse = async (value: Buffer): Promise<{ readonly text: string }> => {
    parsed += 1
    return { text: value.toString() }
  }
  const read = cachedReads(store, { keyOf, parse, limit: 10 })
  const ask = async () => Promise.all(Array.from({ length: 1000 }, async () => read('a')))
  const first = await ask()
  assert.deepEqual([reads(), parsed, new Set(first).size], [1, 1, 1])
  // Something else was written: the record is looked at once more, and is the same value.
  await store.insert('b', Buffer.from('1'), never)
  assert.deepEqual(new Set(await ask()), new Set(first))
  assert.deepEqual([reads(), parsed], [2, 1])
  await store.delete('a')
  await store.insert('a', Buffer.from('2'), never)
  assert.deepEqual(new Set((await ask()).map((value) => value?.text)), new Set(['2']))
  assert.deepEqual([reads(), parsed], [3, 2])
})

test('house: what was read before a change is not given to whoever asks after it, nor kept', async () => {
  const { store, reads } = await counted()
  const slow = Promise.withResolvers<void>()
  const parse = async (value: Buffer): Promise<string> => {
    const text = value.toString()
    if (text === '1') await slow.promise
    return text
  }
  const read = cachedReads(store, { keyOf, parse, limit: 10 })
  const before = read('a')
  await store.delete('a')
  await store.insert('a', Buffer.from('2'), never)
  assert.equal(await read('a'), '2')
  slow.resolve()
  assert.equal(await before, '1')
  assert.equal(read('a'), '2', 'at once: it was kept')
  assert.equal(reads(), 2)
})

test('house: a count of changes that comes later keeps what did not change, and shows what did at once', async () => {
  const { store: counting, reads } = await counted()
  const store = late(counting)
  const parse = (value: Buffer): { readonly text: string } => ({ text: value.toString() })
  const read = cachedReads(store, { keyOf, parse, limit: 10 })
  const ask = async () => Promise.all(Array.from({ length: 100 }, async () => read('a')))
  const first = await ask()
  assert.deepEqual([reads(), new Set(first).size], [1, 1])
  assert.deepEqual(new Set(await ask()), new Set(first))
  assert.equal(reads(), 1, 'it was kept')
  const asked = read('a')
  await store.delete('a')
  await store.insert('a', Buffer.from('2'), never)
  assert.equal((await read('a'))?.text, '2')
  assert.ok(
    ['1', '2'].includes((await asked)?.text ?? ''),
    'either: it was asked before the change',
  )
  assert.equal((await read('a'))?.text, '2')
})

test('house: that there is none is remembered where it shall be, until something is written', async () => {
  const { store, reads } = await counted()
  const parse = (value: Buffer): string => value.toString()
  const read = cachedReads(store, { keyOf, parse, limit: 10, absent: 'kept' })
  assert.equal(await read('b'), undefined)
  assert.equal(read('b'), undefined, 'at once')
  assert.equal(reads(), 1)
  await store.insert('b', Buffer.from('1'), never)
  assert.equal(await read('b'), '1')
  assert.equal(read('b'), '1', 'at once')
  await store.delete('b')
  assert.equal(await read('b'), undefined)
  await store.insert('c', Buffer.from('1'), never)
  assert.equal(await read('b'), undefined)
  assert.equal(reads(), 4)
  const forgetful = cachedReads(store, { keyOf, parse, limit: 10 })
  assert.deepEqual([await forgetful('b'), await forgetful('b'), reads()], [undefined, undefined, 6])
})
