import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TrustedTime, trustedTime } from '../../src/base/trusted-time.ts'
import { type World, world } from '../world.ts'
import { type Artefact, artefacts, lifetimes, registerClients, type Use } from './artefacts.ts'

const hour = 3600
const year = 365 * 86_400

interface Machine {
  readonly w: World
  readonly time: TrustedTime
  /** Sets the wall clock by so many seconds. */
  step(seconds: number): void
  /** Lets seconds go by, while the sweeper is at work. */
  pass(seconds: number): Promise<void>
}

async function machine(): Promise<Machine> {
  let passed = 0
  let time: TrustedTime | undefined
  const w = await world({
    alpha: lifetimes,
    time: (wall) => {
      time = trustedTime(wall, () => passed)
      return time
    },
  })
  assert.ok(time !== undefined)
  await registerClients(w)
  return {
    w,
    time,
    step(seconds) {
      w.clock.now += seconds
    },
    async pass(seconds) {
      for (let i = 0; i < seconds; i += 1) {
        passed += 1
        w.clock.now += 1
        if (i % 10 === 0 || i === seconds - 1) await w.records.sweep()
      }
    },
  }
}

async function made(w: World, of: (artefact: Artefact) => boolean): Promise<[string, Use][]> {
  const rows = Object.entries(artefacts).filter(([, artefact]) => of(artefact))
  return Promise.all(rows.map(async ([name, { make }]) => [name, await make(w)] as [string, Use]))
}

/** What each was: good, or refused. */
async function outcomes(uses: readonly [string, Use][]): Promise<Record<string, boolean>> {
  const all: Record<string, boolean> = {}
  for (const [name, use] of uses) all[name] = await use()
  return all
}

function each(uses: readonly [string, Use][], good: boolean): Record<string, boolean> {
  return Object.fromEntries(uses.map(([name]) => [name, good]))
}

const steps = [1, 30 * 60, hour, 2 * hour, year]

test('house: the lifetimes of the table are right: good in the last second, refused a second later', async () => {
  for (const [name, artefact] of Object.entries(artefacts)) {
    const m = await machine()
    const [early, late] = [await artefact.make(m.w), await artefact.make(m.w)]
    await m.pass(artefact.life - 1)
    assert.equal(await early(), true, name)
    await m.pass(1)
    assert.equal(await late(), false, name)
  }
})

for (const seconds of steps) {
  test(`P-17 what was used once stays spent when the clock goes ${seconds} s forward and back`, async () => {
    const m = await machine()
    const uses = await made(m.w, ({ once }) => once)
    assert.deepEqual(await outcomes(uses), each(uses, true))
    m.step(seconds)
    await m.pass(20)
    m.step(-seconds)
    await m.pass(1)
    assert.deepEqual(await outcomes(uses), each(uses, false))
  })

  test(`P-17 what was used once stays spent when the clock goes ${seconds} s back, after its end too`, async () => {
    const m = await machine()
    const uses = await made(m.w, ({ once }) => once)
    assert.deepEqual(await outcomes(uses), each(uses, true))
    await m.pass(400)
    m.step(-seconds)
    await m.pass(1)
    assert.deepEqual(await outcomes(uses), each(uses, false))
  })

  test(`P-15 what was refused as expired stays so when the clock goes ${seconds} s back, and what is made then is good`, async () => {
    const m = await machine()
    const uses = await made(m.w, () => true)
    await m.pass(301)
    assert.deepEqual(await outcomes(uses), each(uses, false))
    m.step(-seconds)
    await m.pass(2)
    assert.deepEqual(await outcomes(uses), each(uses, false))
    if (m.time.doubtful()) m.time.accept()
    const fresh = await made(m.w, () => true)
    assert.deepEqual(await outcomes(fresh), each(fresh, true))
  })

  test(`P-15 what was refused as expired when the clock went ${seconds} s forward stays so when it comes back`, async () => {
    const m = await machine()
    const uses = await made(m.w, () => true)
    m.step(seconds)
    await m.pass(5)
    const ahead = seconds > 300 && seconds <= hour
    const then = await outcomes(uses)
    if (ahead) assert.deepEqual(then, each(uses, false))
    if (seconds > hour) assert.deepEqual(then, each(uses, true), 'a jump is not believed')
    m.step(-seconds)
    await m.pass(2)
    const after = await outcomes(uses)
    for (const [name, good] of Object.entries(then)) {
      if (!good) assert.equal(after[name], false, name)
    }
    const fresh = await made(m.w, () => true)
    assert.deepEqual(await outcomes(fresh), each(fresh, true), 'nobody is locked out')
  })

  test(`P-17 a step of ${seconds} s forward that an operator accepted by mistake loses no single use and locks nobody out`, async () => {
    const m = await machine()
    const uses = await made(m.w, ({ once }) => once)
    assert.deepEqual(await outcomes(uses), each(uses, true))
    m.step(seconds)
    await m.pass(5)
    m.time.accept()
    await m.pass(20)
    m.step(-seconds)
    await m.pass(2)
    assert.deepEqual(await outcomes(uses), each(uses, false))
    assert.equal(m.time.doubtful(), false, 'within a day it comes back by itself')
    const fresh = await made(m.w, () => true)
    assert.deepEqual(await outcomes(fresh), each(fresh, true))
  })
}
