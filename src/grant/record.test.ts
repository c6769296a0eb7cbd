import assert from 'node:assert/strict'
import { test } from 'node:test'
import { register } from '../../test/register.ts'
import { world } from '../../test/world.ts'
import type { Client } from '../client/client.ts'
import { findClient } from '../client/client.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import { StoreUnavailable } from '../store/store.ts'
import { encode } from './codec.ts'
import { findRecord } from './find-record.ts'
import { handleOf, newRecordKey, storeKey } from './handle.ts'
import type { AuthorizationRecord, Found, Grant, State, Unanswered } from './record.ts'
import { holderIn, isUnanswered } from './record.ts'
import { insertRecord, replaceRecord } from './transition/write.ts'
import { deny, end, hold, issue, issuing, open, retryUntilDecided } from './transition.ts'

const w = await world()
await register(w, 'one')
const realm = await w.realm()
const until = w.clock.now + 90

const at = {
  v: 2,
  client_id: 'one',
  incarnation: '',
  issuer: realm.issuer,
  validatedUnder: [1, 1],
  redeem_by: until,
  by_value: false,
} as const
const least: Omit<AuthorizationRequest, symbol> = {
  client_id: 'one',
  response_type: 'code',
  redirect_uri: 'r',
  redirect_uri_sent: true,
  response_mode: 'query',
  scope: [],
  prompt: [],
  acr_values: [],
  acr_essential: false,
}
const request = least as AuthorizationRequest
const client = (await findClient(realm, 'one')) as Client
const grant: Grant = {
  sub: 's',
  username: 'demo',
  epoch: 0,
  grant_type: 'authorization_code',
  sid: '',
  auth_time: 1,
  scope: [],
  tokens: [],
  last: 0,
}
const interaction = { opened_at: 1, opened_sid: '', interaction_by: until }

function record(state: 'pushed' | 'opened' | 'issued', redirect_uri = 'r'): AuthorizationRecord {
  const whole = { ...at, redirect_uri }
  return {
    pushed: { ...whole, state: 'pushed', request: { ...request, redirect_uri } } as const,
    opened: { ...whole, state: 'opened', request, ...interaction } as const,
    issued: { ...whole, state: 'issued', grant } as const,
  }[state]
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

test('K-4 a record goes in with its single use or not at all', async () => {
  const singleUse = { key: `${until.toString(16).padStart(12, '0')}:mark`, expiry: until }
  const first = newRecordKey(realm, until)
  assert.equal(await insertRecord(realm, first, encode(record('pushed')), until, singleUse), 'won')
  const second = newRecordKey(realm, until)
  assert.equal(
    await insertRecord(realm, second, encode(record('pushed')), until, singleUse),
    'spent',
  )
  assert.equal(await w.records.get(storeKey(second)), undefined)
})

/** Which members the record of a state can have; the compiler holds it against the union. */
type Has<S extends State, K extends string> = K extends keyof Extract<
  AuthorizationRecord,
  { state: S }
>
  ? true
  : false
type Members = {
  readonly [S in State]: readonly [
    request: Has<S, 'request'>,
    interaction: Has<S, 'interaction_by'>,
    heldBy: Has<S, 'heldBy'>,
    answer: Has<S, 'answer'>,
    grant: Has<S, 'grant'>,
  ]
}

test('house: what a state cannot have does not compile: request, interaction, holder, answer, grant', () => {
  const members: Members = {
    pushed: [true, false, false, false, false],
    opened: [true, true, true, false, false],
    issued: [false, false, true, true, true],
    redeemed: [false, false, true, false, true],
    denied: [false, false, true, true, false],
    ended: [false, false, true, false, false],
  }
  assert.deepEqual(
    Object.values(members).map((has) => has.filter(Boolean).length),
    [1, 3, 3, 2, 2, 1],
  )
})

test('T-1 each arrow is one compare-and-set: of all that start from one version, one wins', async () => {
  const arrows: readonly ((found: Unanswered) => Promise<boolean>)[] = [
    (found) => open(realm, found, 's'),
    (found) => hold(realm, found, { sid: 's', nonce: 'n' }),
    (found) => deny(realm, found, undefined),
    (found) => end(realm, found, 0),
    (found) =>
      issue(
        realm,
        issuing(realm, client, { found, issuer: 'i', redirect_uri: 'r', answer: undefined, grant }),
      ),
  ]
  for (let first = 0; first < arrows.length; first++) {
    const { found } = await inserted()
    assert.ok(isUnanswered(found))
    const order = [...arrows.slice(first), ...arrows.slice(0, first)]
    const won = await Promise.all(order.map((arrow) => arrow(found)))
    assert.equal(won.filter(Boolean).length, 1)
  }
})

test('C-2 what is held stays with its holder, and opening again moves nothing', async () => {
  const { handle, found } = await inserted()
  assert.ok(isUnanswered(found))
  assert.equal(await hold(realm, found, { sid: 's', nonce: 'n' }), true)
  const held = await findRecord(realm, 'request_uri', handle)
  assert.ok(typeof held !== 'string' && isUnanswered(held))
  assert.equal(await hold(realm, held, { sid: 'other', nonce: 'other' }), true)
  assert.equal(await open(realm, held, 'other'), true)
  const after = await findRecord(realm, 'request_uri', handle)
  assert.ok(typeof after !== 'string')
  assert.deepEqual(after, held)
  assert.deepEqual(holderIn(after.record), { sid: 's', nonce: 'n' })
})
