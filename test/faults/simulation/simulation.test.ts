import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { trials } from '../../scale.ts'
import { newInitialState } from './initial-state.ts'
import { simulate } from './simulate.ts'

const exec = promisify(execFile)
const script = join(import.meta.dirname, '../../../scripts/faults.ts')
const seeds = trials(20_000)

test(`T-1, T-2, K-4 ${seeds} seeds of simulated processes that crash over a store that fails: nothing is lost, used twice, or taken late`, async (t) => {
  const initial = await newInitialState()
  const sums = { crashes: 0, lines: 0 }
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { breaches, wrong, crashes, calls } = await simulate(initial, seed)
    assert.deepEqual({ seed, breaches, wrong }, { seed, breaches: [], wrong: [] })
    sums.crashes += crashes
    sums.lines += calls
  }
  t.diagnostic(`${sums.crashes} crashes, ${sums.lines} lines of histories`)
  assert.ok(sums.crashes > seeds / 4)
})

test('house: a seed is one order of events, from an initial state that is new too', async () => {
  const [one, other] = [await newInitialState(), await newInitialState()]
  for (const seed of [11, 12, 13]) {
    const { digest } = await simulate(one, seed)
    assert.equal((await simulate(one, seed)).digest, digest)
    assert.equal((await simulate(other, seed)).digest, digest)
  }
})

/** What the long run's command says of the build that redeems blindly. */
function simulated(amount: string): Promise<string> {
  const args = [script, 'simulation', amount, 'build=blind-redemption']
  return exec(process.execPath, args).then(
    () => 'nothing found',
    ({ stderr }: { stderr: string }) => stderr,
  )
}

/** Without handles: a record's key counts the records that its process has made before. */
const unnamed = (text: string): string => text.replace(/[\w-]{43,}/g, 'handle')

test('house: the simulation finds a transition that is broken, and its seed finds it again', async () => {
  const said = await simulated('seeds=300')
  const [, seed] = /seed (\d+), digest/.exec(said) ?? []
  assert.match(said, /^✖ twice: (code|assertion) /m)
  assert.equal(unnamed(await simulated(`seed=${seed}`)), unnamed(said))
})
