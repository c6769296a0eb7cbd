import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checksIn } from '../scripts/reference/coverage.ts'
import { sources } from './source.ts'

const page = 'docs/reference/rules.md'

/** The lines of the tables: id, rule, why, source. */
const lines = (sources(page)[0]?.text ?? '')
  .split('\n')
  .filter((line) => /^\| [A-Z]/.test(line))
  .map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim()),
  )

test('house: every id of a rule that source, tests or documents name is explained', () => {
  const explained = new Set(lines.map(([id]) => id))
  const used = sources('{src,test,bench,scripts}/**/*.{ts,mjs}', '*.md', 'docs/**/*.md')
    .filter(({ path }) => path !== page && path !== 'docs/reference/coverage.md')
    .flatMap(({ path, text }) => checksIn(text).map((id) => ({ path, id })))
  assert.ok(used.length > 1000, `${used.length} found`)
  assert.deepEqual(
    used.filter(({ id }) => !explained.has(id)).map(({ path, id }) => `${path}: ${id}`),
    [],
  )
})

test('house: a rule has one line: its id, a sentence, why, and where it is from', () => {
  const ids = lines.map(([id]) => id)
  assert.deepEqual(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
  )
  const wrong = lines.filter(
    ([id = '', rule = '', why = '', source = '', ...more]) =>
      !/^[A-Z][A-Z0-9]{0,4}-\d{1,2}[a-z]?$/.test(id) ||
      ![rule, why].every((text) => /^\S.*\.$/.test(text)) ||
      !/RFC \d{4,5}|OIDC|OAuth|FAPI|NIST|CVE-|CWE-|CSP|PingAM: /.test(source) ||
      more.length > 0,
  )
  assert.deepEqual(wrong, [])
})
