import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { nextTurn } from '../time.ts'
import type { Turn } from '../turns.ts'
import { inHashLane } from './lanes.ts'
import { lanes } from './queues.ts'
import { urgent } from './urgent.ts'

const login: Turn = { kind: 'login', source: '192.0.2.1' }
const secret: Turn = { kind: 'secret', source: 'alpha' }

/** A clock that goes when it is told to, for the time that somebody is hashed and for that of a rest. */
function clock(t: TestContext): (milliseconds: number) => Promise<void> {
  let time = 0
  t.mock.method(performance, 'now', () => time)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  return async (milliseconds) => {
    time += milliseconds
    t.mock.timers.tick(milliseconds)
    await nextTurn()
  }
}

/** Keeps every lane busy with logins until it is called. */
function full(): () => Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const all = Array.from({ length: lanes }, () => inHashLane(login, () => promise))
  return () => {
    resolve()
    return Promise.all(all)
  }
}

test('C-34 while clients are answered, a lane rests from logins as long as it took for one, and from nothing else', async (t) => {
  const passes = clock(t)
  const done: string[] = []
  const end = full()
  const more = [login, login, secret, undefined].map((turn) =>
    inHashLane(turn, () => done.push(turn?.kind ?? 'own')),
  )
  urgent.begun += 1
  await passes(12)
  await end()
  await nextTurn()
  assert.deepEqual(done.sort(), ['own', 'secret'])
  more.push(inHashLane(login, () => done.push('late')))
  await passes(11)
  assert.equal(done.length, 2)
  await passes(1)
  await Promise.all(more)
  assert.deepEqual(done.slice(2), ['login', 'login', 'late'])
})

test('C-34 where no client asks for anything, the next login begins when one has ended', async (t) => {
  const passes = clock(t)
  const done: string[] = []
  const end = full()
  const more = [1, 2].map(() => inHashLane(login, () => done.push('login')))
  await passes(12)
  await end()
  await Promise.all(more)
  assert.deepEqual(done, ['login', 'login'])
})
