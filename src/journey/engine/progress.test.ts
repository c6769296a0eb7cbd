import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { failingWrites } from '../../../test/failing-writes.ts'
import { people } from '../../../test/people.ts'
import type { Realm } from '../../realm/realm.ts'
import { StoreUnavailable } from '../../store/store.ts'
import { emptyState } from '../state.ts'
import type { Taken } from './give-back.ts'
import { giveBack } from './give-back.ts'
import type { Claimed } from './progress.ts'
import { claim, keep, keepFirst, newReference } from './progress.ts'
import type { Progress } from './record.ts'
import { claimSuspended } from './resumption.ts'

const { alpha, clock } = await people()

/** A journey whose state has a text of that many characters. */
function progress(length: number): Progress {
  const state = { ...emptyState, shared: { text: 'x'.repeat(length) } }
  return {
    ...{ journey: 'Login', bound: '', until: alpha.now() + 300 },
    position: { frames: [], state, asked: [], onPage: false, suspended: false },
  }
}

test('H-8 a journey that has grown beyond any sense is over, and the log says so', async () => {
  const keepAt = async (length: number) => {
    const reference = newReference(alpha, progress(0))
    const inputs = new Map([['IDToken1', 'x']])
    assert.equal((await claim(alpha, reference, inputs, '')).kind, 'won')
    return { kept: await keep(alpha, reference, progress(length), inputs), reference, inputs }
  }
  assert.equal((await keepAt(130_000)).kept?.step, 1)
  const { value: result, events } = await withEvents(() => keepAt(140_000))
  assert.equal(result.kept, undefined)
  assert.deepEqual(
    events.filter(({ name }) => name === 'journey.too_large').map(({ fields }) => fields.journey),
    ['Login'],
  )
  assert.equal((await claim(alpha, result.reference, result.inputs, '')).kind, 'over')
})

test('T-2 whoever comes again to a step whose process is gone is told to begin anew, and nobody takes it twice', async () => {
  const inputs = new Map([['IDToken1', 'x']])
  const first = newReference(alpha, progress(0))
  assert.equal((await claim(alpha, first, inputs, '')).kind, 'won')
  const suspended = progress(0)
  const position = { ...suspended.position, suspended: true }
  const letter = await keepFirst(
    alpha,
    newReference(alpha, suspended),
    { ...suspended, position },
    '',
  )
  assert.equal((await claimSuspended(alpha, letter, 'b')).kind, 'won')
  clock.now += 60
  assert.equal((await claim(alpha, first, inputs, '')).kind, 'over')
  assert.equal((await claimSuspended(alpha, letter, 'b')).kind, 'over')
})

function takenBy(claimed: Claimed): Taken {
  assert.ok(claimed.kind === 'won')
  return claimed.taken
}

test('a step whose outcome the store did not take is given back as it was, unless the store had taken it after all', async () => {
  const { store: records, fail } = failingWrites(alpha.records)
  const realm = { ...alpha, records }
  const inputs = new Map([['IDToken1', 'x']])
  const first = newReference(alpha, progress(0))
  assert.equal((await claim(realm, first, inputs, '')).kind, 'won')
  const second = await keep(realm, first, progress(1), inputs)
  assert.ok(second !== undefined)
  const lost = takenBy(await claim(realm, second, inputs, ''))
  fail(0, 1)
  await assert.rejects(keep(realm, second, progress(2), inputs), StoreUnavailable)
  await giveBack(realm, lost)
  assert.equal((await claim(realm, first, inputs, '')).kind, 'again')
  const won = takenBy(await claim(realm, second, inputs, ''))
  // Whoever comes too late to give it back takes it from nobody.
  await giveBack(realm, lost)
  assert.equal((await claim(realm, second, new Map(), '')).kind, 'over')
  const third = await keep(realm, second, progress(3), inputs)
  await giveBack(realm, won)
  assert.equal(third?.step, 2)
  assert.equal((await claim(realm, second, inputs, '')).kind, 'again')
})

test('T-3 a step that cannot be given back at once is given back once the store is there again', async () => {
  const { store: records, fail } = failingWrites(alpha.records)
  const realm = { ...alpha, records }
  const inputs = new Map([['IDToken1', 'x']])
  const first = newReference(alpha, progress(0))
  const taken = takenBy(await claim(realm, first, inputs, ''))
  fail(0, 2)
  await giveBack(realm, taken)
  // Waits for what comes of the claim there is.
  assert.equal((await claim(realm, first, inputs, '')).kind, 'won')
})

/** What is written is there, and whoever wrote it is told that the store is not. */
function cutOff(realm: Realm): Realm {
  const cut =
    <A extends readonly unknown[]>(verb: (...args: A) => Promise<unknown>) =>
    async (...args: A): Promise<never> => {
      await verb(...args)
      throw new StoreUnavailable('a test says so')
    }
  const { insert, replace } = realm.records
  return { ...realm, records: { ...realm.records, insert: cut(insert), replace: cut(replace) } }
}

test('T-3 a claim that the store took without saying so holds nobody up', async () => {
  const [some, other] = ['x', 'y'].map((value) => new Map([['IDToken1', value]]))
  assert.ok(some && other)
  const first = newReference(alpha, progress(0))
  await assert.rejects(claim(cutOff(alpha), first, some, ''), StoreUnavailable)
  assert.equal((await claim(alpha, first, other, '')).kind, 'won')
  const second = await keep(alpha, first, progress(1), other)
  assert.ok(second !== undefined)
  await assert.rejects(claim(cutOff(alpha), second, some, ''), StoreUnavailable)
  assert.equal((await claim(alpha, second, other, '')).kind, 'won')
  const waiting = progress(0)
  const position = { ...waiting.position, suspended: true }
  const letter = newReference(alpha, waiting)
  await keepFirst(alpha, letter, { ...waiting, position }, '')
  await assert.rejects(claimSuspended(cutOff(alpha), letter, 'b'), StoreUnavailable)
  assert.equal((await claimSuspended(alpha, letter, 'c')).kind, 'won')
})
