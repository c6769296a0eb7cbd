import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Source, sources } from './source.ts'

const code = sources('{src,test,bench,scripts}/**/*.{ts,mjs}')
const texts = sources('*.md', 'docs/**/*.md', '.ci/run', '*.json')

// The words are put together here, so that this file does not find itself.
const unfinished = new RegExp(`\\b(${['TO', 'FIX', 'X'].map(ending).join('|')})\\b`)
const narrowed = new RegExp(
  `\\b(test|it|describe|suite)\\.(${['only', 'skip', 'todo'].join('|')})\\b`,
)
const left = new RegExp(`\\b(${['only', 'skip', 'todo'].join('|')}): ?(true|['"\`])`)

function ending(start: string): string {
  return start + { TO: 'DO', FIX: 'ME', X: 'XX' }[start]
}

/** Lines that hold what must not be there, comments included. */
function lines(files: readonly Source[], expression: RegExp): readonly string[] {
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, i) => (expression.test(line) ? [`${path}:${i + 1}: ${line}`] : [])),
  )
}

test('house: nothing is marked as unfinished', () => {
  assert.deepEqual(lines([...code, ...texts], unfinished), [])
})

test('house: no test is left out or singled out', () => {
  assert.deepEqual(lines(code, narrowed), [])
  // Unless something outside of the project is missing on this machine; the summary then names it.
  const missing = /\? \{\} : \{ skip: /
  assert.deepEqual(
    lines(code, left).filter((line) => !missing.test(line)),
    [],
  )
})

test('house: no check of the type checker or the linters is switched off in passing', () => {
  const off = new RegExp(['@ts', '-(ignore|nocheck|expect-error)'].join(''))
  assert.deepEqual(lines(code, off), [])
  // A linter may be wrong at one place; the directive must then say why behind two dashes or a colon.
  const silent = new RegExp(`(${['eslint', 'oxlint'].join('|')})-disable(?!.* -- \\S)`)
  assert.deepEqual(lines(code, silent), [])
})
