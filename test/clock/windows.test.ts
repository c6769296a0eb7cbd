import assert from 'node:assert/strict'
import { test } from 'node:test'
import { throttle } from '../../src/base/throttle.ts'
import { trustedTime } from '../../src/base/trusted-time.ts'
import { createKeys } from '../../src/realm/key/made-keys.ts'
import { rotateRealms } from '../../src/realm/key/rotation.ts'
import { createRealm } from '../../src/realm/realms.ts'
import { memoryStore } from '../../src/store/memory/memory.ts'
import { keySet } from '../assertion.ts'
import { asked, es256, host, publishes, statusOf } from '../key-site.ts'
import { world } from '../world.ts'

const start = 1_800_000_000
const hour = 3600
const guesses = { key: 'k', all: undefined, exists: true }
const year = 365 * 86_400

for (const seconds of [-year, -2 * hour, -hour, -60, year]) {
  test(`C-34 a crowd of wrong tries lasts no longer than twice its time when the clock goes ${seconds} s`, () => {
    let [passed, offset] = [0, 0]
    const { now } = trustedTime(
      () => start + passed + offset,
      () => passed,
    )
    const tries = throttle()
    const crowded = (): boolean => tries.crowded(guesses, now()) !== undefined
    for (let i = 0; i < 20; i += 1) tries.attempt(guesses, now())
    assert.equal(crowded(), true)
    offset = seconds
    passed += 1
    assert.equal(crowded(), true)
    passed += 10
    assert.equal(crowded(), false)
  })

  test(`P-11 published keys are fetched again after their time when the clock goes ${seconds} s`, async () => {
    let passed = 0
    const w = await world({
      alpha: { parapetConfig: { jwksPrivateAddresses: [host] } },
      time: (wall) => trustedTime(wall, () => passed),
    })
    const pass = (n: number): void => {
      passed += n
      w.clock.now += n
    }
    const path = await publishes('cached', keySet(es256), { jwksCacheTimeout: 60_000 }, w)
    assert.equal(await statusOf('cached', es256, w), 201)
    w.clock.now += seconds
    pass(1)
    await w.realm()
    const { now } = await w.realm()
    now()
    pass(121)
    // What it says itself is judged by the time of day: here only the fetch is of interest.
    await statusOf('cached', es256, w)
    assert.equal(asked.get(path), 2)
  })
}

test('META-4 a year that was wrong, even one that was accepted, replaces and forgets no key', async () => {
  let [passed, offset] = [0, 0]
  const time = trustedTime(
    () => start + passed + offset,
    () => passed,
  )
  const settings = memoryStore(time.timeOfDay, time.sweepable)
  await createRealm(settings, { path: '/alpha', aliases: [], document: {} })
  await createKeys(settings, '/alpha', time.past())
  const before = settings.changeCount()
  offset = year
  passed += 10
  await rotateRealms(settings, { past: time.past(), now: time.now() })
  time.accept()
  passed += hour
  await rotateRealms(settings, { past: time.past(), now: time.now() })
  assert.equal(settings.changeCount(), before)
})
