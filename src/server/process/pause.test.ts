import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deathsAfter, pauseAfter } from './pause.ts'

test('house: the pause before another worker doubles up to half a minute, and is short again after one that served', () => {
  let deaths = 0
  const pauses = [0, 5000, 59_999, 0, 0, 0, 0, 0, 0, 0].map((served) => {
    deaths = deathsAfter(deaths, served)
    return pauseAfter(deaths)
  })
  assert.deepEqual(pauses, [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000])
  assert.equal(pauseAfter(deathsAfter(deaths, 60_000)), 100)
})
