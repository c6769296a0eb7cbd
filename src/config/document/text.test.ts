import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDocumentText } from './text.ts'

const read: readonly (readonly [what: string, text: string, document: unknown])[] = [
  ['JSON', ' {"a":[1,null,"x"]}', { a: [1, null, 'x'] }],
  ['YAML', 'a: 1\nb: [yes, ~, 1e3, 0x10]\n', { a: 1, b: ['yes', null, 1000, 16] }],
  ['words of YAML 1.1 as text', 'a: [on, no, 2026-01-01]', { a: ['on', 'no', '2026-01-01'] }],
  [
    'names that are no text elsewhere as text',
    '1: a\nnull: b\ntrue: c',
    { 1: 'a', null: 'b', true: 'c' },
  ],
  ['a merge key as a name', '<<: {a: 1}', { '<<': { a: 1 } }],
  ['an alias as what it stands for', 'a: &x [1]\nb: *x', { a: [1], b: [1] }],
  ['tags of the core schema', 'a: !!str 12', { a: '12' }],
]

for (const [what, text, document] of read) {
  test(`config: a document is read with ${what}`, async () => {
    assert.deepEqual(await readDocumentText(text), { document })
  })
}

test('config: __proto__ is a name like any other, in JSON and YAML', async () => {
  for (const text of [
    '{"__proto__":{"a":1},"constructor":2}',
    '__proto__: {a: 1}\nconstructor: 2',
  ]) {
    const found = await readDocumentText(text)
    assert.ok('document' in found)
    assert.deepEqual(Object.entries(found.document), [
      ['__proto__', { a: 1 }],
      ['constructor', 2],
    ])
    assert.equal(Object.getPrototypeOf(found.document), Object.prototype)
  }
})

const deep = (levels: number): string => `a: ${'['.repeat(levels)}${']'.repeat(levels)}`
const laughs = Array.from(
  { length: 9 },
  (_, i) =>
    `a${i}: &a${i} [${Array(9)
      .fill(i === 0 ? 'x' : `*a${i - 1}`)
      .join(', ')}]`,
).join('\n')

const refused: readonly (readonly [what: string, text: string, path: string, reason: RegExp])[] = [
  ['a name that comes twice in JSON', '{"a":1,\n"a":2}', 'line 2, column 1', /come before/],
  ['a name that comes twice in YAML', 'a: 1\nb: 2\na: 3', 'line 3, column 1', /come before/],
  [
    'a name that comes twice in two ways to write it',
    '1: a\n"1": b',
    'line 2, column 1',
    /come before/,
  ],
  ['a tag of its own', 'a: !!js/function x', 'line 1, column 4', /no tag but/],
  ['a tag of YAML 1.1', 'a: !!binary aGk=', 'line 1, column 4', /no tag but/],
  ['a directive', '%YAML 1.1\n---\na: yes', 'line 1, column 1', /without directives/],
  ['two documents', 'a: 1\n---\nb: 2', 'line 2, column 1', /one document/],
  ['an alias of nothing', 'a: *b', 'line 1, column 4', /stands for nothing/],
  ['an alias of itself', 'a: &x [*x]', 'line 1, column 7', /nested too deep/],
  ['aliases that grow', laughs, 'line 3, column 50', /one more than 1000 aliases/],
  ['a depth of 21', deep(20), 'line 1, column 23', /nested too deep/],
  ['a depth that no stack holds', deep(100_000), 'line 1, column 63', /nested too deep/],
  ['a number that JSON has not', 'a: .inf', 'line 1, column 4', /number that JSON can say/],
  ['a name that is a list', '? [a]\n: 1', 'line 1, column 3', /a name that is no text/],
  ['a tab as indentation', 'a:\n\t- b', 'line 2, column 1', /a tab/],
  ['a list on top', '- 1', '', /must be an object/],
  ['nothing', '  \n', '', /is empty/],
  ['too many characters', `a: ${'x'.repeat(16_777_216)}`, '', /more than 16777216/],
]

for (const [what, text, path, reason] of refused) {
  test(`config: a document with ${what} is refused, and where`, async () => {
    const found = await readDocumentText(text)
    assert.ok('problem' in found)
    assert.equal(found.problem.path, path)
    assert.match(found.problem.text, reason)
  })
}

test('config: what is wrong with a text is told without what stands in it', async () => {
  for (const wrong of ['"hunter2', '*hunter2', '!hunter2 x', '[hunter2', '{a: hunter2}: hunter2']) {
    const found = await readDocumentText(`pass: ${wrong}`)
    assert.ok('problem' in found, wrong)
    assert.doesNotMatch(JSON.stringify(found), /hunter2/)
  }
})
