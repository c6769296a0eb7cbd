import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '../../test/cpu.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { compile } from './compile.ts'
import { readDetails } from './detail.ts'
import { schemaProblems } from './schema.ts'
import { newEffort } from './type.ts'

function check(schema: JsonObject, value: JsonObject): string {
  assert.deepEqual(schemaProblems(schema), [])
  const { check } = compile({ type: 't', displayName: [], consentText: [], schema })
  return check({ type: 't', ...value }, newEffort([value]))?.keyword ?? 'fits'
}

const a30 = `${'a'.repeat(30_000)}!`
const backtracking = [
  '^(a+)+$',
  '^(a|a)*$',
  '^(a|aa)+$',
  '(.*a){12}$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(x+x+)+y',
]
const nested = (depth: number): Json => (depth === 0 ? 'x' : [nested(depth - 1), nested(depth - 1)])
const twice = { allOf: [{ $ref: '#/$defs/next' }, { $ref: '#/$defs/next' }] }
const chain = Object.fromEntries(
  Array.from({ length: 40 }, (_, i) => [
    i === 0 ? 'next' : `n${i}`,
    i === 39 ? {} : { allOf: [{ $ref: `#/$defs/n${i + 1}` }, { $ref: `#/$defs/n${i + 1}` }] },
  ]),
)
const tree = { $defs: { next: { items: twice } }, properties: { a: twice } }

const hostile: readonly (readonly [what: string, schema: JsonObject, value: JsonObject])[] = [
  ...backtracking.map(
    (pattern) =>
      [`the pattern ${pattern}`, { properties: { a: { pattern } } }, { a: a30 }] as const,
  ),
  [
    'a pattern at every name of many',
    { propertyNames: { pattern: '^(a|b|ab)*c$' }, additionalProperties: true },
    Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`${'ab'.repeat(10)}${i}`, 1])),
  ],
  ['a schema that is itself', { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }, {}],
  ['a schema that doubles forty times', { $defs: chain, $ref: '#/$defs/next' }, {}],
  ['a schema that doubles at each level', tree, { a: nested(9) }],
  [
    'entries of which each is compared with each other',
    { properties: { a: { items: { items: { uniqueItems: true } }, uniqueItems: true } } },
    { a: Array.from({ length: 30 }, () => Array.from({ length: 30 }, (_, i) => [i])) },
  ],
  [
    'long lists of words',
    { properties: { a: { items: { enum: Array.from({ length: 3000 }, (_, i) => `w${i}`) } } } },
    { a: Array.from({ length: 990 }, () => 'none') },
  ],
  ...['uri', 'email', 'hostname', 'date-time', 'duration', 'ipv6', 'uuid'].flatMap((format) =>
    [
      'a:'.repeat(16_000),
      `a://${'a@'.repeat(15_000)}`,
      `${'a.'.repeat(16_000)}@`,
      '1'.repeat(32_000),
    ].map(
      (text) =>
        [
          `the format ${format} of ${text.slice(0, 8)}…`,
          { properties: { a: { format } } },
          { a: text },
        ] as const,
    ),
  ),
]
for (const [what, schema, value] of hostile) {
  test(`RFC 9396 §5 no schema and no value holds up the server: ${what}`, async () => {
    const took = await cpuTime(() => check(schema, value))
    assert.ok(took < 50, `${took} ms`)
  })
}

const texts: readonly (readonly [
  what: string,
  text: string,
  read: 'malformed' | 'number' | 'too large' | 1,
])[] = [
  ['deep arrays', `${'['.repeat(16_000)}${']'.repeat(16_000)}`, 'malformed'],
  ['a long text', `[{"type":"t","a":"${'\\\\'.repeat(16_000)}"}]`, 1],
  ['a longer text', `[{"type":"t","a":"${'\\\\'.repeat(17_000)}"}]`, 'too large'],
  [
    'many members',
    `[{"type":"t",${Array.from({ length: 3000 }, (_, i) => `"a${i}":1`).join()}}]`,
    'too large',
  ],
  ['many objects', `[${Array(10_000).fill('{}').join()}]`, 'too large'],
  ['an open text', `["${'a'.repeat(32_000)}`, 'malformed'],
  ['a member twice', '[{"type":"t","a":{"b":1,"\\u0062":2}}]', 'malformed'],
  ['no array', '{"type":"t"}', 'malformed'],
  ['nothing in it', '[]', 'malformed'],
  ['no objects', '["t"]', 'malformed'],
  ['arrays', '[[]]', 'malformed'],
  ['no type', '[{}]', 'malformed'],
  ['a type that is no text', '[{"type":1}]', 'malformed'],
  ['an inherited type', '[{"__proto__":{"type":"t"}}]', 'malformed'],
  ['a type that is nobody’s', '[{"type":""}]', 'malformed'],
  ['half of a pair', '[{"type":"t","\\ud800":1}]', 'malformed'],
  ['a whole pair', '[{"type":"t","a":"\\ud83d\\ude00"}]', 1],
  ['many digits', '[{"type":"t","a":12345678901234567890}]', 'number'],
  ['many digits behind the point', '[{"type":"t","a":0.1234567890123456}]', 'number'],
  ['an endless number', '[{"type":"t","a":1e400}]', 'number'],
  ['a number that is lost', '[{"type":"t","a":1e-400}]', 'number'],
  ['a number as others write it', '[{"type":"t","a":[0,-0,1.50,100000000000000000000,1E2]}]', 1],
]
for (const [what, text, read] of texts) {
  test(`C-13 authorization_details with ${what} are read at once, or refused`, async () => {
    let answer: ReturnType<typeof readDetails> = []
    const took = await cpuTime(() => {
      answer = readDetails(text)
    }, 2)
    assert.equal(typeof answer === 'string' ? answer : answer.length, read)
    assert.ok(took < 50, `${took} ms`)
  })
}
