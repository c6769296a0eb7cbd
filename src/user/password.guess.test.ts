import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { People } from '../../test/people.ts'
import { people, request } from '../../test/people.ts'
import { undelayed } from '../../test/undelayed.ts'
import { OAuthError } from '../protocol/error.ts'
import { deviceCookie } from './device.ts'
import { createEndUser } from './end-user.ts'
import { authenticateEndUser } from './password.ts'

type Outcome = 'right' | 'wrong' | number

const right = 'Ch4ng31t'

/** Tries a password; the status where it was not checked. */
async function tryIt(
  { alpha }: People,
  name: string,
  password: string,
  peer: string,
  device?: string,
): Promise<Outcome> {
  try {
    const user = await authenticateEndUser(alpha, name, password, peer, device)
    return user === undefined ? 'wrong' : 'right'
  } catch (error) {
    assert.ok(error instanceof OAuthError)
    return error.status
  }
}

function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

const times = <T>(n: number, make: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => make(i))

/** What a browser has to show once the user has logged in with it. */
function deviceAfterLogin({ alpha, demo }: People): string {
  return /=([^;]*)/.exec(deviceCookie(alpha, request('POST', '/'), demo))?.[1] ?? ''
}

for (const name of ['demo', 'nobody']) {
  test(`C-34 of 300 wrong passwords of ${name} at once 20 are checked`, async () => {
    const world = await people()
    const guess = (i: number) => tryIt(world, name, `guess ${i}`, '192.0.2.1')
    const outcomes = await undelayed(() => Promise.all(times(300, guess)))
    assert.deepEqual(tally(outcomes), { wrong: 20, 429: 280 })
  })
}

test('C-34 all ways to write a name are one account, and all of a /64 one source', async () => {
  const world = await people()
  const names = ['demo', 'DEMO', 'Demo', 'dEMO']
  const guess = (i: number) =>
    tryIt(world, names[i % 4] ?? '', `guess ${i}`, `2001:db8:1:2::${i.toString(16)}`)
  const outcomes = await undelayed(() => Promise.all(times(60, guess)))
  assert.deepEqual(tally(outcomes), { wrong: 20, 429: 40 })
  assert.equal(await tryIt(world, 'demo', right, '2001:db8:1:3::1'), 'right')
})

test('C-34 100 right ones at once take nothing from each other', async () => {
  const world = await people()
  const logins = times(100, () => tryIt(world, 'demo', right, '192.0.2.1'))
  assert.deepEqual(tally(await Promise.all(logins)), { right: 100 })
})

test('C-34 over all sources a hundred, then slowly; not where the account has logged in before', async () => {
  const world = await people()
  const { alpha, clock } = world
  await createEndUser(alpha, { username: 'other', password: right })
  const device = deviceAfterLogin(world)
  assert.equal(await tryIt(world, 'demo', right, '192.0.2.1'), 'right')
  const guess = (i: number) => tryIt(world, 'demo', 'wrong', `10.0.${i}.1`)
  const outcomes = await undelayed(() => Promise.all(times(120, guess)))
  assert.deepEqual(tally(outcomes), { wrong: 100, 429: 20 })
  assert.equal(await tryIt(world, 'demo', right, '192.0.2.9'), 429)
  assert.equal(await tryIt(world, 'demo', right, '192.0.2.1'), 'right', 'a known address')
  assert.equal(await tryIt(world, 'demo', right, '10.0.1.1', device), 'right', 'a known browser')
  assert.equal(await tryIt(world, 'other', right, '192.0.2.9'), 'right', 'another account')
  clock.now += 6
  assert.equal(await tryIt(world, 'demo', right, '192.0.2.9'), 'right', 'after a while')
})

test('C-34 an address is known for a day after the last login', async () => {
  const world = await people()
  const logIn = (peer: string) => tryIt(world, 'demo', right, peer)
  assert.equal(await logIn('192.0.2.1'), 'right')
  world.clock.now += 1
  assert.equal(await logIn('192.0.2.2'), 'right')
  world.clock.now += 86_399
  await undelayed(() => Promise.all(times(100, (i) => tryIt(world, 'demo', 'x', `10.0.${i}.1`))))
  assert.equal(await logIn('192.0.2.1'), 429)
  assert.equal(await logIn('192.0.2.2'), 'right')
})

test('C-34 a known browser counts for itself: guesses from its address do not slow it, nor it them', async () => {
  const world = await people()
  const device = deviceAfterLogin(world)
  const guess = (i: number, shown?: string) =>
    tryIt(world, 'demo', `guess ${i}`, '192.0.2.1', shown)
  const others = await undelayed(() => Promise.all(times(30, (i) => guess(i))))
  assert.deepEqual(tally(others), { wrong: 20, 429: 10 })
  assert.equal(await tryIt(world, 'demo', right, '192.0.2.1'), 429)
  assert.equal(await tryIt(world, 'demo', right, '192.0.2.1', device), 'right')
  const stolen = await undelayed(() => Promise.all(times(30, (i) => guess(i, device))))
  assert.deepEqual(tally(stolen), { wrong: 20, 429: 10 })
})

test('C-34 with 150 wrong logins of one address waiting, the next address is among the next few', async () => {
  const world = await people()
  let before = 0
  const flood = times(150, async (i) => {
    const outcome = await tryIt(world, `name ${i}`, 'wrong', '192.0.2.1')
    if (outcome === 'wrong') before++
  })
  assert.equal(await tryIt(world, 'demo', right, '192.0.2.2'), 'right')
  assert.ok(before <= 6, `${before} were checked before`)
  await Promise.all(flood)
})
