import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from './checker.ts'
import { type Ended, type History, newHistory, type Thing } from './history.ts'

const push: Thing = { kind: 'request_uri', realm: '/alpha', name: 'a' }
const done = (result: string): Ended => ({ phase: 'ok', result })
const fail: Ended = { phase: 'fail' }
const unknown: Ended = { phase: 'unknown' }

/** Seconds: when a test's history begins, until when what it gives may be used, and what clocks may differ by. */
const [start, end, tolerance] = [1000, 1090, 5]

interface Told extends History {
  /** Sets the clock, in seconds. */
  at(seconds: number): void
  /** Asks for a use and is told how it ended, in the same second. */
  tell(ended: Ended, thing?: Thing): void
}

function told(): Told {
  let now = start * 1000
  const history = newHistory(() => now)
  return {
    ...history,
    at(seconds) {
      now = seconds * 1000
    },
    tell(ended, thing = push) {
      const answer = history.use('client', thing)
      now += 1
      answer(ended)
    },
  }
}

/** Title, what happens to a push that is acknowledged first, and the rules that are broken. */
const cases: readonly (readonly [string, (h: Told) => void, readonly string[]])[] = [
  ['nothing happens to it', () => undefined, []],
  ['it is used once', (h) => h.tell(done('1')), []],
  ['it is used, and refused from then on', (h) => [done('1'), fail].map((e) => h.tell(e)), []],
  ['it is used twice', (h) => [done('1'), done('2')].map((e) => h.tell(e)), ['twice']],
  ['one success is asked for again', (h) => [done('1'), done('1')].map((e) => h.tell(e)), []],
  [
    'a use of it is unknown, another succeeds',
    (h) => [unknown, done('2')].map((e) => h.tell(e)),
    [],
  ],
  ['a use of it is unknown, another is refused', (h) => [unknown, fail].map((e) => h.tell(e)), []],
  ['it is refused', (h) => h.tell(fail), ['lost']],
  ['it is refused, then used', (h) => [fail, done('1')].map((e) => h.tell(e)), ['lost']],
  ['it is refused before an unknown use', (h) => [fail, unknown].map((e) => h.tell(e)), ['lost']],
  ['each refusal counts', (h) => [fail, fail].map((e) => h.tell(e)), ['lost', 'lost']],
  [
    'it is refused while another use is under way that nobody is told of',
    (h) => {
      h.use('gone', push)
      h.tell(fail)
    },
    [],
  ],
  [
    'it is refused while another use is under way that succeeds',
    (h) => {
      const answer = h.use('other', push)
      h.tell(fail)
      answer(done('1'))
    },
    [],
  ],
  [
    'something else ends it',
    (h) => {
      h.end('client', push)
      h.tell(fail)
    },
    [],
  ],
  [
    'something else ends it, and it is used after that',
    (h) => {
      h.end('client', push)
      h.tell(done('1'))
    },
    ['ended'],
  ],
  [
    'something else may have ended it, and it is refused or used after that',
    (h) => {
      h.end('client', push, 'unknown')
      h.tell(fail)
      h.tell(done('1'))
    },
    [],
  ],
  [
    'something else ends it later',
    (h) => {
      h.tell(fail)
      h.end('client', push)
    },
    ['lost'],
  ],
  [
    'it is refused in the last seconds, which clocks may see otherwise',
    (h) => {
      h.at(end - tolerance)
      h.tell(fail)
    },
    [],
  ],
  [
    'it is refused before them',
    (h) => {
      h.at(end - tolerance - 1)
      h.tell(fail)
    },
    ['lost'],
  ],
  [
    'it is used in the last second that clocks may see otherwise',
    (h) => {
      h.at(end + tolerance)
      h.tell(done('1'))
    },
    [],
  ],
  [
    'it is used after that',
    (h) => {
      h.at(end + tolerance + 1)
      h.tell(done('1'))
    },
    ['late'],
  ],
  [
    'it is given a later end, and used before that',
    (h) => {
      h.give('client', push, end + 60)
      h.at(end + tolerance + 1)
      h.tell(done('1'))
    },
    [],
  ],
  [
    'it was asked for in time and answered late',
    (h) => {
      const answer = h.use('client', push)
      h.at(end + 60)
      answer(done('1'))
    },
    [],
  ],
  [
    'it is used in another realm',
    (h) => h.tell(done('1'), { ...push, realm: '/bravo' }),
    ['stranger'],
  ],
  [
    'it is used as something else',
    (h) => h.tell(done('1'), { ...push, kind: 'code' }),
    ['stranger'],
  ],
  [
    'it is refused or used late by a server whose clock was being set',
    (h) => {
      h.tell({ ...fail, doubt: 'clock' })
      h.at(end + tolerance + 1)
      h.tell({ ...done('1'), doubt: 'clock' })
    },
    [],
  ],
  [
    'it is used twice while clocks were being set',
    (h) => ['1', '2'].map((each) => h.tell({ ...done(each), doubt: 'clock' })),
    ['twice'],
  ],
  [
    'it is refused, used late and used again by a server that is cut off',
    (h) => {
      h.tell({ ...fail, doubt: 'cut off' })
      h.at(end + tolerance + 1)
      for (const each of ['1', '2']) h.tell({ ...done(each), doubt: 'cut off' })
    },
    ['twice', 'late', 'late'],
  ],
  [
    'it is refused where clocks had been ahead by what it had left, or by less',
    (h) => {
      h.tell({ ...fail, ahead: (end - start) * 1000 })
      h.tell({ ...fail, ahead: (end - start - tolerance - 4) * 1000 })
    },
    ['lost'],
  ],
  ['it is refused in another realm', (h) => h.tell(fail, { ...push, realm: '/bravo' }), []],
]

for (const [title, happens, broken] of cases) {
  test(`house: the checker, where ${title}: ${broken.join(', ') || 'no breach'}`, () => {
    const history = told()
    history.give('client', push, end)
    happens(history)
    assert.deepEqual(
      judge(history.lines, tolerance).map(({ rule }) => rule),
      broken,
    )
  })
}

test('house: the checker holds things apart, and what has no end against all rules but one', () => {
  const history = told()
  const token: Thing = { kind: 'refresh_token', realm: '/alpha', name: 't' }
  history.give('client', token)
  history.give('client', push, end)
  history.at(10 * end)
  history.tell(done('1'), token)
  history.tell(done('2'), token)
  assert.deepEqual(judge(history.lines, tolerance), [
    {
      rule: 'twice',
      thing: 'refresh_token /alpha t',
      why: `2 successes: client at ${10_000 * end}, client at ${10_000 * end + 1}`,
    },
  ])
})
