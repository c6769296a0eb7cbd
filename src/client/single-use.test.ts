import assert from 'node:assert/strict'
import { test } from 'node:test'
import { world } from '../../test/world.ts'
import { OAuthError } from '../protocol/error.ts'
import type { SingleUse } from './single-use.ts'
import { singleUse } from './single-use.ts'

const w = await world()
const alpha = await w.realm('/alpha')
const bravo = await w.realm('/bravo')
const until = w.clock.now + 60
const used = () => new OAuthError('invalid_client', 'used before')

function once(what: readonly string[], realm = alpha, by = until): SingleUse {
  return singleUse(realm, what, by, used)
}

test('K-4 a single use is spent once; who comes second is told so', async () => {
  await once(['a', 'b']).spend()
  await assert.rejects(once(['a', 'b']).spend(), /used before/)
})

test('K-4 until it is spent nothing is stored', () => {
  const before = w.records.changeCount()
  const pending = once(['never'])
  assert.equal(pending.used().code, 'invalid_client')
  assert.equal(w.records.changeCount(), before)
})

test('K-4 what a write took is not spent again by itself', async () => {
  const pending = once(['taken'])
  const taken = pending.take()
  assert.ok(taken)
  assert.equal(pending.take(), undefined)
  const before = w.records.changeCount()
  await pending.spend()
  assert.equal(w.records.changeCount(), before)
  const outcome = await w.records.insert('0'.repeat(32), Buffer.from('x'), until, taken)
  assert.equal(outcome, 'won')
  await assert.rejects(once(['taken']).spend(), /used before/)
})

test('T-1 of 64 at once one spends it', async () => {
  const all = await Promise.allSettled(Array.from({ length: 64 }, () => once(['race']).spend()))
  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('P-7 kinds, owners, ids and realms never meet, however their names are cut', async () => {
  const names = [
    ['a', 'b', 'c'],
    ['a', 'b,c'],
    ['a,b', 'c'],
    ['a', 'b","c'],
    ['a b c'],
    ['abc'],
    ['a', 'b', 'c', ''],
    ['/bravo', 'a', 'b', 'c'],
    ['a', 'b', 'c\0'],
    ['\ud800'],
  ]
  for (const what of names) await once(what).spend()
  await once(['a', 'b', 'c'], bravo).spend()
})

test('K-4 the key begins with the time of the thing itself, so that it is swept in its turn and not before', () => {
  const key = once(['x']).take()?.key as string
  assert.match(key, /^[0-9a-f]{12}:[\w-]{43}$/)
  assert.equal(Number.parseInt(key.slice(0, 12), 16), until)
  w.clock.now += 5
  assert.equal(once(['x']).take()?.key, key)
  w.clock.now -= 5
})

test('K-4 it is remembered to its last second', async () => {
  await once(['short'], alpha, until).spend()
  w.clock.now = until
  await w.records.sweep()
  await assert.rejects(once(['short'], alpha, until).spend(), /used before/)
  w.clock.now = until - 60
})
