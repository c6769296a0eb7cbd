import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestOf } from '../../test/world.ts'
import { authorizationRequest } from './authorization-request.ts'
import { OAuthError } from './error.ts'
import { bounded, readForm, readParameters, readQuery, seconds } from './parameter.ts'

const table = {
  name: { spec: 'RFC 0 §1', read: bounded(5) },
  age: {
    spec: 'RFC 0 §2',
    read: seconds,
    error: 'bad_request',
    says: (text: string) => `no age: ${text}`,
  },
} as const

function refuses(run: () => unknown, code: string, description: string): void {
  assert.throws(
    run,
    (e) => e instanceof OAuthError && e.code === code && e.description === description,
  )
}

test('RFC 6749 §3.1 values have their types, the absent are absent, the unknown ignored', () => {
  const form = new Map([
    ['age', '7'],
    ['other', 'x'],
    ['constructor', 'x'],
  ])
  assert.deepEqual(readParameters(table, form), { age: 7 })
  assert.equal(Object.hasOwn(readParameters(table, form), 'name'), false)
})

test('T-8 a name every object inherits is no row of the table', () => {
  const form = new Map([
    ['__proto__', 'x'],
    ['toString', 'x'],
  ])
  assert.deepEqual(Object.keys(readParameters(table, form)), [])
})

test('RFC 9126 §2.3 a malformed value is refused by its row’s error and words, and not told to the log', () => {
  refuses(
    () => readParameters(table, new Map([['name', '123456']])),
    'invalid_request',
    'Invalid parameter name',
  )
  refuses(() => readParameters(table, new Map([['age', 'x']])), 'bad_request', 'no age: x')
  try {
    readParameters(table, new Map([['age', 'marker']]))
  } catch (e) {
    assert.ok(e instanceof OAuthError)
    assert.equal(e.detail.reason, 'age is malformed')
    assert.equal(e.detail.parameter, 'age')
  }
})

test('H-7 query and body are read by the same rules', () => {
  const texts = [
    'a=1&b=%C3%BC',
    'a=1&a=2',
    'a=%zz',
    'a=%ff',
    `a=${'x'.repeat(65_537)}`,
    '&'.repeat(200),
  ]
  for (const text of texts) {
    const outcome = (run: () => ReadonlyMap<string, string>): unknown => {
      try {
        return [...run()]
      } catch (e) {
        return (e as OAuthError).message
      }
    }
    const body = outcome(() => readForm(requestOf('POST', '/', { form: text })))
    assert.deepEqual(
      outcome(() => readQuery(requestOf('GET', `/?${text}`))),
      body,
    )
  }
})

test('H-7 a form’s query is not its body', () => {
  assert.deepEqual([...readForm(requestOf('POST', '/?a=1', { form: 'b=2' }))], [['b', '2']])
  assert.deepEqual([...readForm(requestOf('POST', '/?a=1', { form: '' }))], [])
})

test('house: every parameter says which text it is from', () => {
  for (const [name, row] of Object.entries(authorizationRequest)) {
    assert.match(row.spec, /^(RFC \d+ §|OIDC Core §|OAuth 2\.0 \w|PingAM: )/, name)
  }
})
