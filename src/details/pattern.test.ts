import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { trials } from '../../test/scale.ts'
import { automaton, matches } from './automaton.ts'
import { readPattern } from './pattern.ts'
import { newEffort } from './type.ts'

function found(pattern: string, text: string): boolean {
  const read = readPattern(pattern)
  const program = read && automaton(read)
  assert.ok(program, pattern)
  const effort = newEffort([])
  const answer = matches(program, text, effort)
  assert.ok(effort.left >= 0, `${pattern} took too long`)
  return answer
}

const one = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\S', '\\u{1F600}', '\\.')
const sign = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '+?', '{0}')
const anchor = fc.constantFrom('', '', '', '^', '$')
const { pattern } = fc.letrec<{ pattern: string; all: string; item: string }>((tie) => ({
  item: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(one, sign).map((parts) => parts.join('')),
    anchor,
    fc
      .tuple(fc.constantFrom('(', '(?:', '(?<n>'), tie('pattern'), sign)
      .map(([open, inside, s]) => `${open === '(?<n>' ? '(' : open}${inside})${s}`),
  ),
  all: fc.array(tie('item'), { maxLength: 3 }).map((items) => items.join('')),
  pattern: fc.array(tie('all'), { minLength: 1, maxLength: 2 }).map((all) => all.join('|')),
}))
const text = fc.array(fc.constantFrom('a', 'b', '1', '.', ' ', '\n', '😀'), { maxLength: 7 })

test('ECMA-262 §22.2 a pattern finds in a text what the engine finds there', () => {
  const same = (source: string, characters: readonly string[]): void => {
    const whole = characters.join('')
    if (automaton(readPattern(source) ?? { kind: 'all', of: [] }) === undefined) return
    assert.equal(found(source, whole), new RegExp(source, 'u').test(whole), source)
  }
  fc.assert(fc.property(pattern, text, same), { numRuns: trials(60_000) })
})

const usual: readonly (readonly [pattern: string, yes: string, no: string])[] = [
  ['^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$', 'DE02120300000000202051', 'DE0212030000000020205é'],
  ['^-?[0-9]{1,10}(\\.[0-9]{2})?$', '-12.50', '12.5'],
  ['^https://([a-z0-9-]+\\.)+example/', 'https://a.b.example/x', 'http://a.example/'],
  ['^(?<year>\\d{4})-\\d\\d$', '2026-11', '2026-1'],
  ['\\p{Lu}', 'aÄ', 'aä'],
  ['^[^\\]\\\\]$', '[', ']'],
  ['^\\x41\\u0042\\u{43}\\cJ\\t$', 'ABC\n\t', 'ABC\n '],
  ['^\\ud83d\\ude00$', '😀', '😁'],
  ['^$', '', 'a'],
  ['a|^b$', 'xa', 'xb'],
]
for (const [source, yes, no] of usual) {
  test(`a pattern that schemas have: ${source}`, () => {
    assert.deepEqual([found(source, yes), found(source, no)], [true, false])
    assert.deepEqual(
      [yes, no].map((each) => new RegExp(source, 'u').test(each)),
      [true, false],
    )
  })
}

const refused: readonly string[] = [
  '(?=a)',
  '(?!a)b',
  '(?<=a)b',
  '(?<!a)b',
  '(a)\\1',
  '(?<n>a)\\k<n>',
  '\\ba',
  '\\Ba',
  '(?i:a)',
  '(',
  'a{2,1}',
  '[b-a]',
  '\\q',
  'a'.repeat(513),
]
for (const source of refused) {
  test(`a pattern that no automaton has is refused: ${source.slice(0, 20)}`, () => {
    assert.equal(readPattern(source), undefined)
  })
}

test('a pattern with more than a thousand steps is refused', () => {
  for (const source of ['a{1000}', '(a{40}){40}', '(((a{9}){9}){9}){9}', 'a{0,99999999}']) {
    const read = readPattern(source)
    assert.ok(read)
    assert.equal(automaton(read), undefined, source)
  }
})
