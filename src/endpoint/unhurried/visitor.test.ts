import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookieValue, people, request } from '../../../test/people.ts'
import { inHashLane } from '../../base/hashing/lanes.ts'
import { held, lanes, waiting } from '../../base/hashing/queues.ts'
import { oneATurn } from '../../base/one-a-turn.ts'
import { nextTurn } from '../../base/time.ts'
import { deviceCookie } from '../../user/device.ts'
import { authenticateEndUser } from '../../user/password.ts'
import { visitorOf } from './visitor.ts'

const { alpha, demo } = await people()
const peer = '192.0.2.1'

/** Somebody who sends a password, with the device cookie of a login of theirs. */
function known() {
  const set = deviceCookie(alpha, request('POST', '/'), demo)
  const device = cookieValue({ status: 200, headers: { 'set-cookie': set }, body: '' }, name) ?? ''
  const http = request('POST', '/', { cookie: `${name}=${device}` }, 'password', { peer })
  return { device, turn: visitorOf(alpha, http) }
}

const name = 'parapet-device'

test('C-34 whoever has logged in hundreds of times cannot fill the line by it: somebody elsewhere is held, and not refused', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const login = (source: string) => ({ kind: 'login', source })
  const hashed = Array.from({ length: lanes + 4 * (lanes + 1) }, (_, i) =>
    inHashLane(login(`${i}`), () => promise),
  )
  const told: string[] = []
  const logIn = async (who: string, turn = login(who)) => {
    told.push(
      await Promise.resolve(oneATurn(() => `${who} in`, turn)).catch(() => `${who} refused`),
    )
  }
  const crowd = Array.from({ length: 500 }, () => logIn('known', known().turn))
  for (let turn = 0; turn < 510 && told.length < 100; turn += 1) await nextTurn()
  const full = held.size
  assert.ok(told.length >= 100 && full > 350, `${told.length} refused of ${full}`)
  const elsewhere = logIn('elsewhere', login('192.0.2.2'))
  for (let turn = 0; turn < 3; turn += 1) await nextTurn()
  assert.equal(held.size, full)
  resolve()
  await Promise.all([...hashed, ...crowd, elsewhere])
  assert.ok(told.includes('elsewhere in'))
  assert.equal(held.size, 0)
})

test('C-34 a browser whose account it is waits to be hashed where it waited to begin', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const running = Array.from({ length: lanes }, () =>
    inHashLane({ kind: 'login', source: 'before' }, () => promise),
  )
  const { device, turn } = known()
  const trying = authenticateEndUser(alpha, 'demo', 'Ch4ng31t', peer, device)
  for (let i = 0; i < 100 && waiting.size === 0; i += 1) await nextTurn()
  assert.equal(waiting.waiting('login', turn?.source), 1)
  resolve()
  await Promise.all([...running, trying])
})
