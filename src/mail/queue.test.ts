import assert from 'node:assert/strict'
import { subscribe } from 'node:diagnostics_channel'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Event } from '../base/log.ts'
import { newTrace, traced } from '../base/trace.ts'
import type { Letter } from './letter.ts'
import type { Sending } from './queue.ts'
import { mailQueue } from './queue.ts'

const events: Event[] = []
subscribe('parapet', (message) => {
  events.push(message as Event)
})

const letter: Letter = {
  to: { name: '', address: 'a@b.example' },
  subject: 'Secret',
  text: 'words',
}
const about = { realm: '/alpha', letter: 'welcome' }

function sending(deliver: Sending['deliver']): Sending {
  return { about, deliver, make: async () => letter }
}

function failing(code: string, responseCode?: number): Error {
  return Object.assign(new Error('550 <a@b.example> who?'), { code, responseCode })
}

/** Nobody waits for an answer before a letter is made. */
const queueOf = (wait?: (ms: number) => Promise<void>) => mailQueue(wait, async () => undefined)

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await setImmediate()
}

test('what fails for now is sent again after ever longer times, and then given up', async () => {
  const waits: number[] = []
  let tries = 0
  const queue = queueOf(async (ms) => void waits.push(ms))
  queue.take(
    sending(async () => {
      tries += 1
      throw failing('ECONNECTION')
    }),
  )
  await settled()
  assert.deepEqual([tries, waits], [4, [5_000, 60_000, 300_000]])
})

test('what a server refuses for good is not sent again, and what is told of it names nobody', async () => {
  events.length = 0
  let tries = 0
  const queue = queueOf(async () => undefined)
  queue.take(
    sending(async () => {
      tries += 1
      throw failing('EENVELOPE', 550)
    }),
  )
  await settled()
  assert.equal(tries, 1)
  const told = events.map(({ name, fields }) => ({ name, ...fields }))
  assert.deepEqual(told, [
    { name: 'mail.failed', ...about, tries: 1, reason: 'EENVELOPE 550', final: true },
  ])
  assert.equal(/a@b|Secret|words/.test(JSON.stringify(told)), false)
})

test('a letter that was sent at the second try is told as sent, once', async () => {
  events.length = 0
  let tries = 0
  const queue = queueOf(async () => undefined)
  queue.take(
    sending(async () => {
      tries += 1
      if (tries === 1) throw failing('ETIMEDOUT')
    }),
  )
  await settled()
  assert.deepEqual(
    events.map(({ name }) => name),
    ['mail.failed', 'mail.sent'],
  )
})

test('four letters are sent at once, a thousand wait, and no more are taken', async () => {
  const { promise: held, resolve: go } = Promise.withResolvers<void>()
  let sent = 0
  let atOnce = 0
  const queue = queueOf()
  const slow = sending(async () => {
    atOnce += 1
    await held
    sent += 1
  })
  const taken = Array.from({ length: 1001 }, () => queue.take(slow))
  assert.equal(taken.filter(Boolean).length, 1000)
  await settled()
  assert.equal(atOnce, 4)
  go()
  await queue.idle()
  assert.equal(sent, 1000)
  assert.equal(queue.take(slow), true)
})

test('a server that stops takes no more, and tells what it lost', async () => {
  events.length = 0
  const queue = queueOf(() => new Promise(() => {}))
  queue.take(
    sending(async () => {
      throw failing('ECONNECTION')
    }),
  )
  await settled()
  await queue.stop(1000)
  assert.equal(queue.take(sending(async () => undefined)), false)
  const [last] = events.slice(-1)
  assert.deepEqual([last?.name, last?.fields], ['mail.lost', { letters: 1 }])
})

test('a letter that cannot be made because of a bug is an alarm', async () => {
  events.length = 0
  const queue = queueOf(async () => undefined)
  const make = async (): Promise<Letter> => {
    throw new TypeError('a@b.example is not a function')
  }
  queue.take({ about, deliver: async () => undefined, make })
  await settled()
  assert.equal(events[0]?.level, 'alarm')
  assert.equal(events[0]?.fields.reason, 'TypeError')
})

test('C-34 a letter is made some time after it was taken, so that no answer waits for the work', async () => {
  let made = 0
  const calm = Promise.withResolvers<void>()
  const queue = mailQueue(undefined, () => calm.promise)
  const make = async () => {
    made += 1
    return undefined
  }
  queue.take({ about, deliver: async () => undefined, make })
  await settled()
  assert.equal(made, 0)
  calm.resolve()
  await queue.idle()
  assert.equal(made, 1)
})

test('a letter is told of the request that it comes of, and not of the one whose letter was sent before', async () => {
  events.length = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const queue = queueOf()
  const ids = Array.from({ length: 40 }, (_, i) => `request-${i}`)
  for (const id of ids)
    traced(newTrace({ method: 'POST', peer: '192.0.2.1', id }), () =>
      queue.take(sending(() => promise)),
    )
  resolve()
  await queue.idle()
  assert.deepEqual(
    events.map(({ name, trace }) => [name, trace?.id]),
    ids.map((id) => ['mail.sent', id]),
  )
})
