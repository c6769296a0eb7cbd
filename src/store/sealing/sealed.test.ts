import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import type { VersionedKey } from '../key.ts'
import { memoryStore } from '../memory/memory.ts'
import { storeSuite } from '../store.suite.ts'
import { never, type Store } from '../store.ts'
import { sealedStore } from './sealed.ts'

const keyOf = (version: number): VersionedKey => ({
  version,
  key: createSecretKey(Buffer.alloc(32, version)),
})
const value = Buffer.from('a value nobody may read')

storeSuite('sealed', (clock, _, sweepable) => {
  const bare = memoryStore(clock, sweepable)
  const store = sealedStore(bare, [keyOf(1)], random)
  return { ...store, walk: (...asked) => bare.walk(...asked) }
})

async function rest(store: Store, key: string): Promise<Buffer> {
  return (await store.get(key))?.value ?? Buffer.alloc(0)
}

test('sealed: at rest a value is its key version, a nonce, ciphertext and tag', async () => {
  const bare = memoryStore(now)
  const store = sealedStore(bare, [keyOf(7)], random)
  await store.insert('a', value, never)
  await store.insert('b', value, never)
  const [a, b] = [await rest(bare, 'a'), await rest(bare, 'b')]
  assert.equal(a.length, 1 + 12 + value.length + 16)
  assert.equal(a[0], 7)
  assert.equal(a.indexOf('nobody'), -1)
  assert.ok(!a.subarray(1, 13).equals(b.subarray(1, 13)), 'each has its own nonce')
})

test('sealed: a changed, moved or cut value throws on every way to read it', async () => {
  const bare = memoryStore(now)
  const store = sealedStore(bare, [keyOf(1)], random)
  await store.insert('a', value, never)
  const sealed = await rest(bare, 'a')
  const forgeries: Buffer[] = Array.from(sealed, (byte, i) => {
    const forged = Buffer.from(sealed)
    forged[i] = byte ^ 1
    return forged
  })
  for (const length of [1, 13, 28, 29, sealed.length - 1]) {
    forgeries.push(sealed.subarray(0, length))
  }
  for (const [i, forged] of forgeries.entries()) {
    await bare.insert(`f${i}`, forged, never)
    await bare.delete('a')
    await bare.insert('a', forged, never)
    assert.throws(() => store.get('a'), /^Error: the value of a /, `forgery ${i}`)
  }
  await bare.insert('elsewhere', sealed, never)
  assert.throws(() => store.get('elsewhere'), /does not open/)
})

test('sealed: what was replaced or read before is told by its bytes, not by its key', async () => {
  const bare = memoryStore(now)
  const [store, other] = [1, 2].map(() => sealedStore(bare, [keyOf(1)], random)) as [Store, Store]
  const read = async (): Promise<string> => String((await store.get('a'))?.value)
  const versionOf = async (): Promise<number> => (await other.get('a'))?.version ?? 0
  await store.insert('a', value, never)
  for (const text of ['once', 'twice']) {
    await store.replace('a', await versionOf(), Buffer.from(text), never)
    assert.equal(await read(), text)
    await other.replace('a', await versionOf(), Buffer.from(`not ${text}`), never)
    assert.equal(await read(), `not ${text}`)
    assert.equal(await read(), `not ${text}`)
  }
  for (let i = 0; i < 300; i++) await store.insert(`b${i}`, Buffer.from(`${i}`), never)
  for (let i = 0; i < 300; i++) assert.equal(String((await store.get(`b${i}`))?.value), `${i}`)
  await other.delete('a')
  assert.equal(await store.get('a'), undefined)
})

test('sealed: the first key seals, all open, a version not held does not', async () => {
  const bare = memoryStore(now)
  const old = sealedStore(bare, [keyOf(1)], random)
  const both = sealedStore(bare, [keyOf(2), keyOf(1)], random)
  const only = sealedStore(bare, [keyOf(2)], random)
  await old.insert('a', value, never)
  assert.throws(() => only.get('a'), /unknown key/)
  const stored = await both.get('a')
  assert.deepEqual(stored?.value, value)
  await both.replace('a', stored?.version ?? 0, value, never)
  assert.deepEqual((await only.get('a'))?.value, value)
})

test('sealed: marks stay empty, and a read that needs no waiting does not wait', async () => {
  const bare = memoryStore(now)
  const store = sealedStore(bare, [keyOf(1)], random)
  await store.insert('a', value, never, { key: 'mark', expiry: never })
  assert.equal((await rest(bare, 'mark')).length, 0)
  assert.ok(!(store.get('a') instanceof Promise))
})

test('house: what is remembered of a value holds nothing of the memory in which a store gave it', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const bare = memoryStore(now)
  const chunks: WeakRef<ArrayBuffer>[] = []
  const inChunks: Store = {
    ...bare,
    async get(key) {
      const stored = await bare.get(key)
      if (stored === undefined) return undefined
      // As a driver does that reads from a connection by pieces of 64 KiB.
      const chunk = new ArrayBuffer(65_536)
      chunks.push(new WeakRef(chunk))
      const bytes = Buffer.from(chunk, 100, stored.value.length)
      stored.value.copy(bytes)
      return { ...stored, value: bytes }
    },
  }
  const store = sealedStore(inChunks, [keyOf(1)], random)
  for (let i = 0; i < 100; i += 1) {
    await store.insert(`k${i}`, value, never)
    await store.get(`k${i}`)
  }
  // A WeakRef holds what it names until the turn is over.
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  const held = chunks.filter((chunk) => chunk.deref() !== undefined)
  assert.equal(chunks.length, 100)
  assert.ok(held.length <= 1, `${held.length} pieces are held`)
})
