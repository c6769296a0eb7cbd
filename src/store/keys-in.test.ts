import assert from 'node:assert/strict'
import { test } from 'node:test'
import { now } from '../base/time.ts'
import { allKeysIn } from './keys-in.ts'
import { memoryStore } from './memory/memory.ts'
import { never } from './store.ts'

test('store: a list goes on behind its thousandth key', async () => {
  const store = memoryStore(now)
  const made = Array.from({ length: 2001 }, (_, i) => `f/${String(i).padStart(4, '0')}`)
  for (const one of made) void store.insert(one, Buffer.from(''), never)
  await store.insert('g/other', Buffer.from(''), never)
  assert.deepEqual(await allKeysIn(store, 'f'), made)
  assert.deepEqual(await allKeysIn(store, 'none'), [])
})
