import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answered, turns } from './turns.ts'

const bounds = { all: 4, unknown: 3, failed: 1, each: 2, waiting: 10, waitingEach: 4 }

/** Takes turns by name, and says who is fetching, in the order of starting. */
function stage() {
  const { take } = turns(bounds)
  const running: string[] = []
  const ends = new Map<string, AbortController>()
  return {
    running,
    /** `a1` is the first of `a`. */
    async ask(...names: readonly string[]): Promise<void> {
      for (const name of names) {
        const end = new AbortController()
        ends.set(name, end)
        take(name[0] ?? '', end.signal).then(
          () => running.push(name),
          () => running.push(`${name} refused`),
        )
      }
      await settled()
    },
    async end(name: string, reason?: string): Promise<void> {
      ends.get(name)?.abort(reason)
      running.splice(running.indexOf(name), running.includes(name) ? 1 : 0)
      await settled()
    },
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve))
}

test('S-2 one has so many turns at once, and others pass it by', async () => {
  const s = stage()
  await s.ask('a1', 'a2', 'a3', 'b1')
  assert.deepEqual(s.running, ['a1', 'a2', 'b1'])
  await s.end('a1', answered)
  assert.deepEqual(s.running, ['a2', 'b1', 'a3'])
})

test('S-2 there are so many turns in all, given in the order of asking', async () => {
  const s = stage()
  await s.ask('a1', 'b1', 'c1', 'd1', 'e1')
  assert.deepEqual(s.running, ['a1', 'b1', 'c1'])
  await s.end('b1', answered)
  assert.deepEqual(s.running, ['a1', 'c1', 'd1'])
})

test('S-2 who was answered has a turn though all others are taken by who was never answered', async () => {
  const s = stage()
  await s.ask('g1')
  await s.end('g1', answered)
  await s.ask('a1', 'b1', 'c1', 'd1', 'e1', 'g2')
  assert.deepEqual(s.running, ['a1', 'b1', 'c1', 'g2'])
})

test('S-2 those who failed last share few turns, and leave the rest to those nobody knows', async () => {
  const s = stage()
  await s.ask('a1', 'b1')
  await s.end('a1')
  await s.end('b1')
  await s.ask('a2', 'b2', 'c1', 'd1')
  assert.deepEqual(s.running, ['a2', 'c1', 'd1'])
  await s.end('a2', answered)
  assert.deepEqual(s.running, ['c1', 'd1', 'b2'])
})

test('S-2 who stops waiting has no turn, and a wait is no failure', async () => {
  const s = stage()
  await s.ask('a1', 'a2', 'a3', 'a4')
  await s.end('a3')
  await s.end('a1', answered)
  assert.deepEqual(s.running, ['a2', 'a4'])
})

test('S-2 so many may wait, in all and for each', async () => {
  const s = stage()
  await s.ask('a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7')
  assert.deepEqual(s.running, ['a1', 'a2', 'a7 refused'])
  await s.ask('b1', 'c1', 'd1', 'e1', 'f1', 'g1', 'h1', 'i1')
  assert.deepEqual(s.running, ['a1', 'a2', 'a7 refused', 'b1', 'i1 refused'])
})

test('S-2 who shares a group shares what is due to each', async () => {
  const { take } = turns({ ...bounds, unknown: 4 })
  const { signal } = new AbortController()
  const running: string[] = []
  for (const [by, of] of ['ax', 'bx', 'cx', 'dy'].map((each) => [...each]))
    void take(by ?? '', signal, of).then(() => running.push(by ?? ''))
  await settled()
  assert.deepEqual(running, ['a', 'b', 'd'])
})
