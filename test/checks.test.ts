import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checksPage } from '../scripts/reference/checks.ts'
import { code, isTest, sources } from './source.ts'

const page = checksPage()
const rows = page.split('\n').filter((line) => /^\| \d+ \|/.test(line))
const made = sources('src/{endpoint,client,authorization,grant,token}/**/*.ts')
  .filter(({ path }) => !isTest(path))
  .flatMap((source) =>
    [...code(source).matchAll(/new OAuthError\(\s*(?:'(\w+)',\s*(?:'([^']*)'|"([^"]*)")?)?/g)].map(
      ([, name, single, double]) => ({ path: source.path, name, says: single ?? double }),
    ),
  )

test('checks page: every place that makes an OAuthError has a row, with its code and its text', () => {
  assert.ok(made.length > 50)
  const missing = made.filter(({ path, name, says }) => {
    const where = ` in ${path.slice('src/'.length)} |`
    const cells = [name, says].filter((cell) => cell !== undefined)
    return !rows.some(
      (row) =>
        row.includes(where) &&
        cells.every((cell) => row.includes(`| ${cell.replace(/</g, '&lt;')} |`)),
    )
  })
  assert.deepEqual(missing, [])
})

test('checks page: a push is authenticated before its parameters are looked at, and its redirection proven before the rules', () => {
  const [, push = ''] = page.split('## `/par`')
  const places = [
    'client/refusal.ts',
    '`validated`',
    'authorization/redirection.ts',
    '`checkResponseType`',
  ]
  const order = places.map((place) => push.indexOf(place))
  assert.ok(!order.includes(-1))
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  )
})

test('checks page: every endpoint stands there under its URL', () => {
  const urls = [...page.matchAll(/^## `([^`]*)`, /gm)].map(([, url = '']) => url)
  assert.ok(urls.includes('/realm-config/agents/OAuth2Client/*'))
  assert.deepEqual(
    urls.filter((url) => !/^\/[\w/.*-]+$/.test(url)),
    [],
  )
})
