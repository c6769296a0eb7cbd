import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GuessOutcome } from './guesses.ts'
import { guesses } from './guesses.ts'

const counters = { key: 'source name', all: 'name', exists: true }

/** Guesses whose checks end when they are told to, and how many were begun. */
function held() {
  const g = guesses()
  const ends: (() => void)[] = []
  const guess = (text: string, end: boolean | Error = false): Promise<GuessOutcome> => {
    const check = () =>
      new Promise<boolean>((resolve, reject) => {
        ends.push(() => (end instanceof Error ? reject(end) : resolve(end)))
      })
    return g.check({ counters, everywhere: undefined, text, check }, () => 100)
  }
  return { guess, ends, quiet: () => g.tries.quiet }
}

function tally(outcomes: readonly GuessOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

test('C-34 of 300 different guesses at once 20 are checked', async () => {
  const { guess, ends } = held()
  const all = Array.from({ length: 300 }, (_, i) => guess(`${i}`))
  assert.equal(ends.length, 20)
  for (const end of ends) end()
  assert.deepEqual(tally(await Promise.all(all)), { wrong: 20, crowded: 280 })
})

test('C-34 of 300 times one wrong guess at once one is checked, and 20 count', async () => {
  const { guess, ends } = held()
  const all = Array.from({ length: 300 }, () => guess('same'))
  assert.equal(ends.length, 1)
  ends[0]?.()
  assert.deepEqual(tally(await Promise.all(all)), { wrong: 20, crowded: 280 })
})

test('C-34 300 right ones at once are one check and take nothing from each other', async () => {
  const { guess, ends, quiet } = held()
  const all = Array.from({ length: 300 }, () => guess('same', true))
  assert.equal(ends.length, 1)
  ends[0]?.()
  assert.deepEqual(tally(await Promise.all(all)), { right: 300 })
  assert.equal(quiet(), true)
})

test('C-34 what could not be checked is not counted, and can be tried again', async () => {
  const { guess, ends, quiet } = held()
  const failed = [guess('same', new Error('busy')), guess('same')]
  ends[0]?.()
  for (const each of await Promise.allSettled(failed)) assert.equal(each.status, 'rejected')
  assert.equal(quiet(), true)
  const again = guess('same', true)
  ends[1]?.()
  assert.deepEqual(await again, { kind: 'right' })
})
