import assert from 'node:assert/strict'
import { test } from 'node:test'
import { world } from '../../test/world.ts'
import { StoreUnavailable } from '../store/store.ts'
import { encode } from './codec.ts'
import { handleOf, newRecordKey, storeKey } from './handle.ts'
import type { AuthorizationRecord, Found } from './record.ts'
import { findRecord, insertRecord, replaceRecord, retryUntilDecided } from './record.ts'

const w = await world()
const realm = await w.realm()
const until = w.clock.now + 90

function record(state: AuthorizationRecord['state'], redirect_uri = 'r'): AuthorizationRecord {
  const { issuer } = realm
  return {
    v: 2,
    state,
    client_id: 'one',
    incarnation: '',
    issuer,
    validatedUnder: [1, 1],
    redirect_uri,
    redeem_by: until,
  }
}

async function inserted(): Promise<{ handle: string; found: Found }> {
  const key = newRecordKey(realm, until)
  assert.equal(await insertRecord(realm, key, encode(record('pushed')), until), 'won')
  const handle = handleOf(realm, 'request_uri', key)
  const found = await findRecord(realm, 'request_uri', handle)
  assert.ok(typeof found !== 'string')
  return { handle, found }
}

test('PAR-26 a record is found by its handles, whole', async () => {
  const { handle, found } = await inserted()
  assert.deepEqual(found.record, record('pushed'))
  const byCode = await findRecord(realm, 'code', handleOf(realm, 'code', found.key))
  assert.ok(typeof byCode !== 'string')
  assert.equal(storeKey(byCode.key), storeKey(found.key))
  assert.equal(await findRecord(realm, 'code', handle), 'unknown')
})

test('C-2c genuine but gone is told from never made here', async () => {
  const { handle, found } = await inserted()
  assert.equal(await findRecord(realm, 'request_uri', 'A'.repeat(43)), 'unknown')
  assert.equal(await findRecord(await w.realm('/bravo'), 'request_uri', handle), 'unknown')
  await w.records.delete(storeKey(found.key))
  assert.equal(await findRecord(realm, 'request_uri', handle), 'gone')
})

test('C-2c a record is there in its last second, and garbage after it', async () => {
  const { handle } = await inserted()
  w.clock.now = until
  assert.notEqual(await findRecord(realm, 'request_uri', handle), 'gone')
  w.clock.now = until + 1
  assert.equal(await findRecord(realm, 'request_uri', handle), 'gone')
  w.clock.now = until - 90
})

test('T-1 of 64 who move a record on, one wins', async () => {
  const { found, handle } = await inserted()
  const moves = Array.from({ length: 64 }, (_, i) =>
    replaceRecord(realm, found, record('issued', String(i)), until),
  )
  const outcomes = await Promise.all(moves)
  assert.equal(outcomes.filter((outcome) => outcome === 'won').length, 1)
  const after = await findRecord(realm, 'request_uri', handle)
  assert.ok(typeof after !== 'string')
  assert.equal(after.record.redirect_uri, String(outcomes.indexOf('won')))
})

test('T-1 losing is not the same as spent: the step decides again on what it finds', async () => {
  const { found } = await inserted()
  const seen: string[] = []
  const result = await retryUntilDecided(
    realm,
    found,
    async (current) => {
      seen.push(current.record.state)
      if (seen.length === 1) {
        await replaceRecord(realm, current, record('opened'), until)
        const lost = await replaceRecord(realm, current, record('issued'), until)
        assert.equal(lost, 'lost')
        return undefined
      }
      return `decided on ${current.record.state}`
    },
    () => 'gone',
  )
  assert.deepEqual(seen, ['pushed', 'opened'])
  assert.equal(result, 'decided on opened')
})

test('T-1 a record that goes meanwhile is gone, not an error', async () => {
  const { found } = await inserted()
  const result = await retryUntilDecided(
    realm,
    found,
    async () => {
      await w.records.delete(storeKey(found.key))
      return undefined
    },
    () => 'gone',
  )
  assert.equal(result, 'gone')
})

test('T-1 after five lost rounds the caller is asked to come back: 503', async () => {
  const { found } = await inserted()
  let rounds = 0
  const never = retryUntilDecided(
    realm,
    found,
    async () => {
      rounds++
      return undefined
    },
    () => 'gone',
  )
  await assert.rejects(never, StoreUnavailable)
  assert.equal(rounds, 5)
})

test('T-1 a key that is taken already is a bug, and nothing is overwritten', async () => {
  const { found, handle } = await inserted()
  await assert.rejects(insertRecord(realm, found.key, encode(record('issued')), until), /taken/)
  const after = await findRecord(realm, 'request_uri', handle)
  assert.ok(typeof after !== 'string')
  assert.equal(after.record.state, 'pushed')
})

test('K-4 a record goes in with its mark or not at all', async () => {
  const mark = { key: `${until.toString(16).padStart(12, '0')}:mark`, expiry: until }
  const first = newRecordKey(realm, until)
  assert.equal(await insertRecord(realm, first, encode(record('pushed')), until, mark), 'won')
  const second = newRecordKey(realm, until)
  assert.equal(await insertRecord(realm, second, encode(record('pushed')), until, mark), 'spent')
  assert.equal(await w.records.get(storeKey(second)), undefined)
})
