import assert from 'node:assert/strict'
import { test } from 'node:test'
import { now } from '../base/time.ts'
import { memoryStore } from '../store/memory/memory.ts'
import { never } from '../store/store.ts'
import { realmKey } from './realm.ts'
import { allRealms } from './realms.ts'
import { removeRealm } from './removal.ts'

test('realm: the thousand-and-first realm is listed, and keeps the one above it', async () => {
  const store = memoryStore(now)
  const paths = Array.from({ length: 1000 }, (_, i) => `/a${String(i).padStart(3, '0')}`)
  const all = [...paths, '/z', '/z/below']
  for (const path of all)
    void store.insert(realmKey(path), Buffer.from(JSON.stringify({ path, document: {} })), never)
  assert.equal((await allRealms(store)).length, all.length)
  assert.equal(await removeRealm(store, '/z'), 'parent')
})
