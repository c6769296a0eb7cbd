import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cpuTime } from '../../test/cpu.ts'
import { decodeFormText, encodeForm, parseForm } from './form.ts'

const limits = { parameters: 5, bytes: 10 }
const none: ReadonlySet<string> = new Set()

function parsed(text: string, mayRepeat: ReadonlySet<string> = none) {
  const form = parseForm(text, limits, mayRepeat)
  return form instanceof Map ? Object.fromEntries(form) : form
}

const forms: [text: string, form: Readonly<Record<string, string>>][] = [
  ['', {}],
  ['a=1', { a: '1' }],
  ['a=1&b=2', { a: '1', b: '2' }],
  ['a=1=2', { a: '1=2' }],
  ['a==', { a: '=' }],
  ['a', {}],
  ['a=', {}],
  ['a=&b=1', { b: '1' }],
  ['=1', { '': '1' }],
  ['&&a=1&', { a: '1' }],
  ['a+b=c+d', { 'a b': 'c d' }],
  ['a%20b=%2B', { 'a b': '+' }],
  ['%C3%BC=%F0%9F%A6%8A', { ü: '🦊' }],
  ['ü=ü', { ü: 'ü' }],
  ['a;b=1', { 'a;b': '1' }],
  ['a=1?b=2', { a: '1?b=2' }],
  ['a[]=1&a[b]=2', { 'a[]': '1', 'a[b]': '2' }],
  ['A=1&a=2', { A: '1', a: '2' }],
  [' a=1', { ' a': '1' }],
]
for (const [text, form] of forms) {
  test(`OA-4 ${JSON.stringify(text)} is read as ${JSON.stringify(form)}`, () => {
    assert.deepEqual({ ...parsed(text) }, form)
  })
}

const pieces = [
  'a',
  'b',
  'resource',
  '=',
  '&',
  '%',
  '%41',
  '%C3%A9',
  '%E9',
  '%26',
  '%3D',
  '+',
  'é',
  '0123456789',
]

/** The same read in the plainest way: cut at every sign, one after the other. */
function cut(text: string, mayRepeat: ReadonlySet<string>): unknown {
  const parts = text.split('&')
  if (parts.length > limits.parameters) return { problem: 'too many', name: '' }
  const form = new Map<string, string>()
  const sent = new Set<string>()
  for (const part of parts.filter((each) => each !== '')) {
    const [coded = '', ...rest] = part.split('=')
    const [name, value] = [coded, rest.join('=')].map(decodeFormText)
    if (name === undefined || value === undefined) return { problem: 'malformed', name: name ?? '' }
    if (Buffer.byteLength(value) > limits.bytes) return { problem: 'too long', name }
    if (sent.has(name) && !mayRepeat.has(name)) return { problem: 'repeated', name }
    sent.add(name)
    const all = [form.get(name), value].filter((each) => each !== undefined && each !== '')
    if (all.length > 0) form.set(name, all.join(' '))
  }
  return Object.fromEntries(form)
}

test('OA-4 any text is read as if it were cut at every sign', () => {
  const mayRepeat = new Set(['resource'])
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 16 }).map((all) => all.join(''))
  fc.assert(
    fc.property(texts, (text) => {
      assert.deepEqual({ ...parsed(text, mayRepeat) }, cut(text, mayRepeat))
    }),
    { numRuns: 5000 },
  )
})

const problems: [text: string, problem: string, name: string][] = [
  ['a=1&a=2', 'repeated', 'a'],
  ['a=1&a=1', 'repeated', 'a'],
  ['a=&a=', 'repeated', 'a'],
  ['a&a', 'repeated', 'a'],
  ['a=&a=1', 'repeated', 'a'],
  ['a=1&a=', 'repeated', 'a'],
  ['a=1&%61=2', 'repeated', 'a'],
  ['a+b=1&a%20b=2', 'repeated', 'a b'],
  ['a=%', 'malformed', 'a'],
  ['a=%4', 'malformed', 'a'],
  ['a=%GG', 'malformed', 'a'],
  ['a=%FF', 'malformed', 'a'],
  ['a=%C0%AF', 'malformed', 'a'],
  ['a=%ED%A0%80', 'malformed', 'a'],
  ['%=1', 'malformed', ''],
  ['1&2&3&4&5&6', 'too many', ''],
  ['&&&&&', 'too many', ''],
  ['a=12345678901', 'too long', 'a'],
  [`${'n'.repeat(257)}=1`, 'too long', 'n'.repeat(256)],
]
for (const [text, problem, name] of problems) {
  test(`C-13, H-7 ${JSON.stringify(text.slice(0, 20))} is ${problem}`, () => {
    assert.deepEqual(parsed(text), { problem, name })
  })
}

test('C-13 names that may repeat are joined, empty ones aside', () => {
  const may = new Set(['r'])
  assert.deepEqual({ ...parsed('r=1&r=2&r=&r=3', may) }, { r: '1 2 3' })
  assert.deepEqual({ ...parsed('r=&r=1', may) }, { r: '1' })
  assert.deepEqual({ ...parsed('r=&r=', may) }, {})
})

test('C-25 the limits are the last that passes', () => {
  assert.deepEqual(Object.keys(parsed('1&2&3&4&5=x')), ['5'])
  assert.deepEqual({ ...parsed('a=1234567890') }, { a: '1234567890' })
})

test('T-8 names that every object has are names like others', () => {
  const form = parseForm('__proto__=1&constructor=2&toString=3', limits, none)
  assert.ok(form instanceof Map)
  assert.equal(form.get('__proto__'), '1')
  assert.equal(({} as Record<string, unknown>)['1'], undefined)
})

test('OA-12 any text goes through a form and back', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
  const wide = { parameters: 100, bytes: 1000 }
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name }), (pairs) => {
      const form = parseForm(encodeForm(pairs), wide, none)
      assert.deepEqual([...(form as Map<string, string>)], pairs)
    }),
  )
})

test('encodeForm writes %20, as PingAM does, and leaves absent values out', () => {
  const pairs = [
    ['a', 'b c+d&e'],
    ['x', undefined],
    ['y', ''],
  ] as const
  assert.equal(encodeForm(pairs), 'a=b%20c%2Bd%26e&y=')
})

test('H-5 a megabyte of separators, percent signs or names is read in no time', async () => {
  for (const part of ['&', '%', 'a=b&', '%41', 'a', '=']) {
    const text = part.repeat(Math.floor(2 ** 20 / part.length))
    const took = await cpuTime(() => [parsed(text), decodeFormText(text)])
    assert.ok(took < 200, `${part}: ${took} ms`)
  }
})
