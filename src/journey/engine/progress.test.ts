import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { failingWrites } from '../../../test/failing-writes.ts'
import { people } from '../../../test/people.ts'
import { StoreUnavailable } from '../../store/store.ts'
import { emptyState } from '../state.ts'
import { claim, keep, keepFirst, newReference, release } from './progress.ts'
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

test('a step whose outcome the store did not take is given back as it was, unless the store had taken it after all', async () => {
  const { store: records, fail } = failingWrites(alpha.records)
  const realm = { ...alpha, records }
  const inputs = new Map([['IDToken1', 'x']])
  const first = newReference(alpha, progress(0))
  assert.equal((await claim(realm, first, inputs, '')).kind, 'won')
  const second = await keep(realm, first, progress(1), inputs)
  assert.ok(second !== undefined)
  assert.equal((await claim(realm, second, inputs, '')).kind, 'won')
  fail(0, 1)
  await assert.rejects(keep(realm, second, progress(2), inputs), StoreUnavailable)
  await release(realm, second, progress(1))
  assert.equal((await claim(realm, first, inputs, '')).kind, 'again')
  assert.equal((await claim(realm, second, inputs, '')).kind, 'won')
  const third = await keep(realm, second, progress(3), inputs)
  await release(realm, second, progress(1))
  assert.equal(third?.step, 2)
  assert.equal((await claim(realm, second, inputs, '')).kind, 'again')
})
