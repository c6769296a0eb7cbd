import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../../base/json.ts'
import { answersTo, callbacksOf } from '../engine/number.ts'
import {
  choiceCallback,
  hiddenValueCallback,
  metadataCallback,
  nameCallback,
  textOutputCallback,
} from './basic.ts'
import { readInputs } from './callback.ts'

const name = (input: Json) => [{ type: 'NameCallback', output: [], input }]

test('PingAM: callbacks an input counts those before it that have none, and only a page’s have an id', () => {
  const asked = [metadataCallback({ a: 1 }), hiddenValueCallback('webAuthnOutcome')]
  assert.deepEqual(callbacksOf(asked, false), [
    { type: 'MetadataCallback', output: [{ name: 'data', value: { a: 1 } }] },
    {
      type: 'HiddenValueCallback',
      output: [
        { name: 'value', value: '' },
        { name: 'id', value: 'webAuthnOutcome' },
      ],
      input: [{ name: 'IDToken2', value: 'webAuthnOutcome' }],
    },
  ])
  assert.deepEqual(
    callbacksOf(asked, true).map(({ _id }) => _id),
    [0, 1],
  )
})

test('PingAM: callbacks an answer is of the kind its callback wants, and as it was shown where nobody sent any', () => {
  const asked = [
    textOutputCallback('Hello'),
    nameCallback('Name', 'demo'),
    choiceCallback('?', ['a', 'b'], 1),
  ]
  const read = (...inputs: [string, Json][]) =>
    answersTo(asked, new Map(inputs)).map(({ values }) => values)
  assert.deepEqual(read(), [[], ['demo'], [1]])
  assert.deepEqual(read(['IDToken2', ''], ['IDToken3', '0']), [[], [''], [0]])
  assert.deepEqual(read(['IDToken2', 7], ['IDToken3', 'x']), [[], ['7'], [null]])
  assert.deepEqual(read(['IDToken1', 'x'], ['IDToken3', 0]), [[], ['demo'], [0]])
})

test('H-8 an answer that is too long for anybody to mean it is as if it was left empty', () => {
  const asked = [nameCallback('Name', 'demo'), hiddenValueCallback('webAuthnOutcome')]
  const read = (length: number) =>
    answersTo(
      asked,
      new Map([
        ['IDToken1', 'x'.repeat(length)],
        ['IDToken2', 'y'.repeat(length)],
      ]),
    ).map(({ values }) => String(values[0]).length)
  assert.deepEqual(read(4096), [4096, 4096])
  assert.deepEqual(read(4097), [0, 4097])
  assert.deepEqual(read(65_537), [0, 0])
})

const shapes: [name: string, callbacks: Json, answers: [string, Json][] | undefined][] = [
  ['nothing', [], []],
  ['a read-only callback', [{ type: 'TextOutputCallback', output: [] }], []],
  ['an answer', name([{ name: 'IDToken1', value: 'x' }]), [['IDToken1', 'x']]],
  ['a number', name([{ name: 'IDToken1', value: 1 }]), [['IDToken1', 1]]],
  ['no list', {}, undefined],
  ['a text', 'x', undefined],
  ['a callback that is none', [null], undefined],
  ['input that is no list', name({}), undefined],
  ['an input that is none', name([7]), undefined],
  ['an input without a name', name([{ value: 'x' }]), undefined],
  ['an input without a value', name([{ name: 'IDToken1' }]), undefined],
  ['a value that is an object', name([{ name: 'IDToken1', value: { a: 1 } }]), undefined],
  [
    'a name twice',
    name([
      { name: 'a', value: 'x' },
      { name: 'a', value: 'y' },
    ]),
    undefined,
  ],
  ['too many', Array.from({ length: 101 }, () => ({})), undefined],
]
for (const [title, callbacks, answers] of shapes) {
  test(`P-6, H-6 callbacks sent back: ${title}`, () => {
    const read = readInputs(callbacks)
    assert.deepEqual(read === undefined ? undefined : [...read], answers)
  })
}
