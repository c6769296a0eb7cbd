import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escaped, type References, resolved } from './reference.ts'

const references: References = {
  env: (name) => ({ HOST: 'rp.example', EMPTY: '', NESTED: '${env:HOST}' })[name],
  file: (path) =>
    ({ '/a': 'one\ntwo\r\n', '/empty': '\n', '/long': 'x'.repeat(65_537) })[path] ?? '',
}

const right: readonly (readonly [text: string, value: string])[] = [
  ['https://${env:HOST}/cb?x=${env:HOST}', 'https://rp.example/cb?x=rp.example'],
  ['${file:/a}', 'one\ntwo'],
  ['${env:NESTED}', '${env:HOST}'],
  ['$${env:HOST}', '${env:HOST}'],
  ['$${HOST} costs $5 {x} $', '${HOST} costs $5 {x} $'],
]

test('config: a reference stands for its value anywhere in a text, which is not read again; $${ is ${', () => {
  for (const [text, value] of right)
    assert.deepEqual(resolved({ a: [text] }, references), { value: { a: [value] }, problems: [] })
})

test('config: any text comes back from how a document says it', () => {
  for (const text of ['${env:HOST}', '$${env:HOST}', '$$${', '${', '$', 'plain', '${file:/a}$${x}'])
    assert.equal(resolved(escaped(text), references).value, text)
})

test('config: a reference that leads nowhere is a problem at its path, and names of members are none', () => {
  const wrong = [
    '${env:NONE}',
    '${env:EMPTY}',
    '${file:/empty}',
    '${file:/long}',
    '${file:a}',
    '${x}',
  ]
  const { problems } = resolved({ a: { b: wrong }, '${env:NONE}': 1 }, references)
  assert.deepEqual(
    problems.map(({ path }) => path),
    wrong.map((_, i) => `a.b[${i}]`),
  )
})
