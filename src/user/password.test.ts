import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mock, test } from 'node:test'
import { cpuTime } from '../../test/cpu.ts'
import { people } from '../../test/people.ts'
import { moment } from '../../test/undelayed.ts'
import { inHashLane } from '../base/hashing/lanes.ts'
import { lanes } from '../base/hashing/queues.ts'
import type { Event } from '../base/log.ts'
import { nextTurn } from '../base/time.ts'
import { OAuthError } from '../protocol/error.ts'
import { changeEndUser, createEndUser } from './end-user.ts'
import { authenticateEndUser } from './password.ts'

test('the right password of an active account, and nothing else', async () => {
  const { alpha, root, demo } = await people()
  const tryIt = async (name: string, password: string, realm = alpha) =>
    (await authenticateEndUser(realm, name, password, name + password))?.sub
  assert.equal(await tryIt('demo', 'Ch4ng31t'), demo.sub)
  assert.equal(await tryIt('demo', 'ch4ng31t'), undefined)
  assert.equal(await tryIt('demo', ''), undefined)
  assert.equal(await tryIt('nobody', 'Ch4ng31t'), undefined)
  assert.equal(await tryIt('nobody', ''), undefined)
  assert.equal(await tryIt('demo', 'Ch4ng31t', root), undefined)
  assert.equal(await tryIt('demo', 'Ch4ng31t'.repeat(1000)), undefined)
  await changeEndUser(alpha, demo.sub, { password: '' })
  assert.equal(await tryIt('demo', ''), undefined)
})

test('B-12 an inactive account cannot log in', async () => {
  const { alpha, demo } = await people()
  await changeEndUser(alpha, demo.sub, { status: 'Inactive' })
  assert.equal(await authenticateEndUser(alpha, 'demo', 'Ch4ng31t', 'p'), undefined)
})

test('K-11 unknown names take as long as wrong passwords', async () => {
  const { alpha, demo } = await people()
  await createEndUser(alpha, { username: 'gone', password: 'x' })
  await changeEndUser(alpha, demo.sub, {})
  let sources = 0
  const least = (name: string): Promise<number> =>
    cpuTime(() => {
      sources += 1
      return authenticateEndUser(alpha, name, 'wrong', `${name}${sources}`)
    }, 20)
  const ratio = (await least('demo')) / (await least('nobody'))
  assert.ok(ratio > 0.6 && ratio < 1.6, `ratio ${ratio}`)
})

test('K-11 OA-3 wrong tries are answered ever later, then refused; the right one at once, and nobody is locked out', async () => {
  const { alpha, demo, clock } = await people()
  const held: unknown[] = []
  const note = (message: unknown): void => {
    const { name, fields } = message as Event
    if (name === 'login.wrong') held.push(fields.held)
  }
  subscribe('parapet', note)
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const wrong = Array.from({ length: 20 }, () => authenticateEndUser(alpha, 'Demo', 'x', 'a'))
    while (held.length < 20) await moment()
    assert.deepEqual(held.slice(0, 10), [0, 0, 0, 100, 200, 400, 800, 1600, 3200, 5000])
    const refused = await authenticateEndUser(alpha, 'demo', 'x', 'a').catch((e) => e)
    assert.ok(refused instanceof OAuthError && refused.status === 429)
    assert.equal(refused.detail.headers?.['retry-after'], '5')
    const elsewhere = await authenticateEndUser(alpha, 'demo', 'Ch4ng31t', 'b')
    assert.equal(elsewhere?.sub, demo.sub)
    clock.now += 5
    assert.equal((await authenticateEndUser(alpha, 'demo', 'Ch4ng31t', 'a'))?.sub, demo.sub)
    assert.equal(await authenticateEndUser(alpha, 'demo', 'x', 'a'), undefined)
    assert.equal(held.at(-1), 0)
    mock.timers.tick(5000)
    assert.deepEqual(new Set(await Promise.all(wrong)), new Set([undefined]))
  } finally {
    mock.timers.reset()
    unsubscribe('parapet', note)
  }
})

test('K-11 more logins at once than can be worked off are refused with 503', async () => {
  const { alpha } = await people()
  const held = Promise.withResolvers<void>()
  // All but ten of the four hundred who may wait, each of another address.
  const others = Array.from({ length: 390 + lanes }, async (_, i) =>
    inHashLane({ kind: 'login', source: `other ${i}` }, () => held.promise),
  )
  const refused: unknown[] = []
  const tries = Array.from({ length: 30 }, async (_, i) =>
    authenticateEndUser(alpha, `u${i}`, 'x', 'p').catch((reason) => refused.push(reason)),
  )
  // Whoever is refused is told at once, while the others wait.
  for (let turns = 0; turns < 1000 && refused.length < 20; turns += 1) await nextTurn()
  assert.equal(refused.length, 20)
  held.resolve()
  await Promise.all([...others, ...tries])
  assert.equal(refused.length, 20)
  for (const e of refused) assert.ok(e instanceof OAuthError && e.status === 503)
})
