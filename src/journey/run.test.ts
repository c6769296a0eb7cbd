import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import type { Json } from '../base/json.ts'
import { readAnswers } from './callback.ts'
import type { Journey, Visit } from './journey.ts'
import { findJourney } from './journeys.ts'
import type { Progress } from './run.ts'
import { run, start } from './run.ts'

const { alpha, demo } = await people()
const stranger: Visit = { peer: '127.0.0.1', session: undefined, login_hint: undefined }
const login = findJourney(alpha, 'Login') as Journey
const password = findJourney(alpha, 'Password') as Journey
const both = (name: string, word: string) =>
  new Map([
    ['IDToken1', name],
    ['IDToken2', word],
  ])

function asked(step: Progress): Extract<Progress, { kind: 'ask' }> {
  assert.ok(step.kind === 'ask')
  return step
}

async function answer(
  journey: Journey,
  visit: Visit,
  answers: Map<string, string>,
): Promise<Progress> {
  const step = asked(await start(alpha, journey, visit))
  return run(alpha, journey, visit, step.stand, answers)
}

test('PingAM: Login asks name and password on one page', async () => {
  const step = asked(await start(alpha, login, stranger))
  assert.equal(
    JSON.stringify(step.callbacks),
    '[{"type":"NameCallback","output":[{"name":"prompt","value":"User Name"}],"input":[{"name":"IDToken1","value":""}],"_id":0},' +
      '{"type":"PasswordCallback","output":[{"name":"prompt","value":"Password"}],"input":[{"name":"IDToken2","value":""}],"_id":1}]',
  )
})

test('PingAM: Login succeeds with the right answers, fails with others', async () => {
  assert.deepEqual(await answer(login, stranger, both('demo', 'Ch4ng31t')), {
    kind: 'success',
    sub: demo.sub,
    epoch: 0,
  })
  assert.deepEqual(await answer(login, stranger, both('demo', 'wrong')), {
    kind: 'failure',
    tried: 'demo',
  })
})

test('PingAM: what is left empty is asked again, with what was given', async () => {
  const again = asked(await answer(login, stranger, both('demo', '')))
  assert.deepEqual(again.callbacks[0]?.input, [{ name: 'IDToken1', value: 'demo' }])
  assert.deepEqual(again.callbacks[1]?.input, [{ name: 'IDToken2', value: '' }])
  asked(await answer(login, stranger, new Map()))
  asked(await answer(login, stranger, both('', 'Ch4ng31t')))
})

test('login_hint stands in the name field and can be changed', async () => {
  const visit = { ...stranger, login_hint: 'somebody' }
  const step = asked(await start(alpha, login, visit))
  assert.deepEqual(step.callbacks[0]?.input, [{ name: 'IDToken1', value: 'somebody' }])
  assert.equal((await answer(login, visit, both('demo', 'Ch4ng31t'))).kind, 'success')
})

test('Password asks only the password of the session’s user, before the hint, which comes before nobody', async () => {
  const known = { ...stranger, session: { username: 'demo' }, login_hint: 'somebody' }
  const one = new Map([['IDToken1', 'Ch4ng31t']])
  const types = async (visit: Visit) =>
    asked(await start(alpha, password, visit)).callbacks.map(({ type }) => type)
  assert.deepEqual(await types(known), ['PasswordCallback'])
  assert.deepEqual(await answer(password, known, one), {
    kind: 'success',
    sub: demo.sub,
    epoch: 0,
  })
  const hinted = { ...stranger, login_hint: 'demo' }
  assert.deepEqual(await types(hinted), ['PasswordCallback'])
  assert.equal((await answer(password, hinted, one)).kind, 'success')
  assert.equal((await answer(password, { ...stranger, login_hint: 'nobody' }, one)).kind, 'failure')
  assert.deepEqual(await types(stranger), ['NameCallback', 'PasswordCallback'])
  assert.equal((await answer(password, stranger, both('demo', 'Ch4ng31t'))).kind, 'success')
})

test('only journeys the realm has enabled are found', async () => {
  const { alpha: narrow } = await people({ journeys: ['Login', 'Missing'] })
  assert.equal(findJourney(narrow, 'Login')?.name, 'Login')
  for (const name of ['Password', 'Missing', 'login', '', '__proto__', 'constructor']) {
    assert.equal(findJourney(narrow, name), undefined, name)
  }
})

test('a journey without an end fails instead of running on', async () => {
  const circle: Journey = {
    name: 'Circle',
    entry: 'a',
    places: {
      a: { nodes: ['KnownUserNode'], outcomes: { unknown: 'b' } },
      b: { nodes: ['KnownUserNode'], outcomes: { unknown: 'a' } },
    },
  }
  assert.deepEqual(await start(alpha, circle, stranger), { kind: 'failure' })
  const open = {
    ...circle,
    places: { a: { nodes: ['KnownUserNode'], outcomes: { unknown: 'success' } } },
  } as const
  assert.deepEqual(await start(alpha, open, stranger), { kind: 'failure' })
})

const shapes: [name: string, callbacks: Json, answers: [string, string][] | undefined][] = [
  ['nothing', [], []],
  ['a read-only callback', [{ type: 'TextOutputCallback', output: [] }], []],
  ['an answer', [{ input: [{ name: 'IDToken1', value: 'x' }] }], [['IDToken1', 'x']]],
  ['no list', {}, undefined],
  ['a callback that is none', [null], undefined],
  ['input that is no list', [{ input: {} }], undefined],
  ['an input that is none', [{ input: [7] }], undefined],
  ['an input without a name', [{ input: [{ value: 'x' }] }], undefined],
  ['a value that is no text', [{ input: [{ name: 'IDToken1', value: { a: 1 } }] }], undefined],
  [
    'a name twice',
    [
      {
        input: [
          { name: 'a', value: 'x' },
          { name: 'a', value: 'y' },
        ],
      },
    ],
    undefined,
  ],
  ['too many', Array.from({ length: 101 }, () => ({})), undefined],
]
for (const [name, callbacks, answers] of shapes) {
  test(`PingAM: callbacks sent back: ${name}`, () => {
    const read = readAnswers(callbacks)
    assert.deepEqual(read === undefined ? undefined : [...read], answers)
  })
}
