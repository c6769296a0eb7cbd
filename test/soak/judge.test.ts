import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge, type Life, type Part } from '../../bench/endurance/verdict.ts'
import type { Sums } from '../faults/progress.ts'
import { trendOf } from '../trend.ts'
import { judgeSoak } from './judge.ts'

/** Between -1 and 1, the same at each run, and no two alike. */
const noise = (i: number): number => Math.sin(i * 12.9898)

test('house: a trend is the slope of the line, and its error holds the noise', () => {
  const points = Array.from({ length: 120 }, (_, x) => ({ x, y: 100 + 2 * x + noise(x) }))
  const { slope, error, mean } = trendOf(points)
  assert.ok(Math.abs(slope - 2) < error && error < 0.02, `${slope} ± ${error}`)
  assert.ok(Math.abs(mean - 219) < 1, String(mean))
  assert.throws(() => trendOf(points.slice(0, 2)), /three samples/)
})

/** Half an hour of samples: what a server of 180 MB holds grows by so many per cent of it in an hour. */
function soaked(perHour: number, last: Sums = {}): readonly Sums[] {
  const samples = Array.from({ length: 180 }, (_, i): Sums => {
    const second = (i + 1) * 10
    const held = 180e6 * (1 + (perHour / 100) * (second / 3600)) + noise(i) * 3e5
    const sums = { loops: i, requests: i * 8, failed: 0, alarms: 0, late: 0 }
    return { second, ...sums, 'held 1': 180e6, 'held 2': held }
  })
  return [...samples.slice(0, -1), { ...samples.at(-1), ...last }]
}

const soaks: readonly (readonly [what: string, samples: readonly Sums[], wrong: RegExp])[] = [
  ['nothing grows', soaked(0), /^$/],
  ['memory shrinks', soaked(-5), /^$/],
  ['memory grows by half of the bar', soaked(0.4), /^$/],
  ['memory grows by twice the bar', soaked(2), /^the memory grows: server 2/],
  ['samples of three minutes', soaked(0).slice(0, 18), /^too short to say .* server 2/],
  ['a request failed', soaked(0, { failed: 1 }), /^failed 1$/],
  ['a server raised an alarm', soaked(0, { alarms: 2 }), /^alarms 2$/],
  ['nobody did anything', soaked(0, { loops: 0 }), /^nothing was done$/],
]

for (const [what, samples, wrong] of soaks)
  test(`house: what a soak is judged to be: ${what}`, () => {
    assert.match(judgeSoak(samples).wrong.join('; '), wrong)
  })

/** Ten parts of a server's life; what is `late` is added to each as often as there were parts before. */
function life(late: Partial<Part>, worn?: number): Life {
  const first = {
    push: 40,
    sweep: 2,
    full: 60e6,
    resident: 150e6,
    bytes: 4e6,
    records: 250,
    dead: 0,
  }
  const parts = Array.from({ length: 10 }, (_, i) => {
    const grown = Object.entries(first).map(([name, figure]) => {
      const more = (late[name as keyof Part] ?? 0) * i
      return [name, figure * (1 + 0.01 * noise(i)) + more]
    })
    return { ...(Object.fromEntries(grown) as Part), pushes: (i + 1) * 1e6 }
  })
  return { parts, worn }
}

const lives: readonly (readonly [what: string, life: Life, wrong: RegExp])[] = [
  ['nothing grows', life({}), /^$/],
  ['a push becomes dearer by a third', life({ push: 2 }), /^late pushes cost 1\.\d+ times/],
  ['the machine became slower, and so did a new server', life({ push: 2 }, 1.1), /^$/],
  ['a push is dearer than at a new server', life({}, 1.3), /^late pushes cost 1\.30 times/],
  ['four bytes of each push stay in memory', life({ resident: 4e6 }), /^the server’s memory grew/],
  ['the store grows by a byte of each push', life({ full: 1e6 }), /^the store grew by 1\d/],
  ['records stay', life({ records: 2000 }), /^2\.0 records stay of each thousand/],
]

for (const [what, seen, wrong] of lives)
  test(`house: what a server and its store are judged to be after millions of pushes: ${what}`, () => {
    assert.match(judge(seen)?.wrong.join('; ') ?? 'not judged', wrong)
  })

test('house: what a life of four parts says is not judged', () => {
  assert.equal(judge({ ...life({}), parts: life({}).parts.slice(0, 4) }), undefined)
})
