import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../base/json.ts'
import { userClaims } from '../protocol/claims.ts'
import { attributeOf, attributes } from './attribute.ts'
import { readValues, shownAttributes, valuesOf, withValues } from './attribute-values.ts'
import { claimsRequested } from './claims.ts'
import type { EndUser } from './end-user.ts'

test('OIDC Core §5.1 every claim about a user is an attribute, and no two attributes share a name', () => {
  const claims = new Set(attributes.map(({ claim }) => claim[0]))
  assert.deepEqual(
    [...userClaims].filter((name) => !claims.has(name)),
    [],
  )
  const names = attributes.flatMap((each) => [
    ...new Set([each.name, each.managed, each.claim.join('/')]),
  ])
  const lower = names.map((name) => name.toLowerCase())
  assert.equal(new Set(lower).size, lower.length)
})

/** What is sent in PingAM's name, how it is kept, and how it is shown. */
const values: readonly (readonly [
  name: string,
  sent: Json,
  claim: string,
  kept: Json,
  shown: Json,
])[] = [
  ['mail', 'a@b.example', 'email', 'a@b.example', ['a@b.example']],
  [
    'MAIL',
    ['a@b.example', 'c@d.example'],
    'email',
    ['a@b.example', 'c@d.example'],
    ['a@b.example', 'c@d.example'],
  ],
  ['givenname', ['Ann', '', null], 'given_name', 'Ann', ['Ann']],
  ['email_verified', 'true', 'email_verified', true, ['true']],
  ['email_verified', [false], 'email_verified', false, ['false']],
  ['updated_at', ['1767225600'], 'updated_at', 1_767_225_600, ['1767225600']],
  ['l', ['Bristol'], 'address', { street_address: 'Weg 1', locality: 'Bristol' }, ['Bristol']],
  [
    'stateProvince',
    'England',
    'address',
    { street_address: 'Weg 1', region: 'England' },
    ['England'],
  ],
  ['employeeNumber', '7', 'employeeNumber', '7', ['7']],
]

test('PingAM: what is sent as texts or lists of texts is kept as claims, and shown as lists again', () => {
  for (const [name, sent, claim, kept, shown] of values) {
    const attribute = attributeOf(name)
    assert.ok(attribute, name)
    const read = readValues(attribute, sent)
    assert.ok(!('path' in read), name)
    const before = { address: { street_address: 'Weg 1' }, own: 1 }
    const after = withValues(before, attribute, read)
    assert.deepEqual(after[claim], kept, name)
    assert.equal(after.own, 1)
    assert.deepEqual(shownAttributes(after)[attribute.name], shown, name)
    assert.deepEqual(shownAttributes(withValues(after, attribute, []))[attribute.name], undefined)
  }
})

test('OIDC Core §5.1 a claim says the first of several values', () => {
  const user = { attributes: { email: ['a@b.example', 'c@d.example'] } } as Partial<EndUser>
  assert.deepEqual(claimsRequested(user as EndUser, { email: null }), { email: 'a@b.example' })
})

const refused: readonly (readonly [name: string, sent: Json, path: string])[] = [
  ['preferredLocale', ['en', 'de'], 'preferredLocale'],
  ['mail', { a: 1 }, 'mail'],
  ['mail', ['a@b.example', 7], 'mail[1]'],
  ['mail', Array.from({ length: 101 }, String), 'mail'],
  ['sn', 'x'.repeat(4097), 'sn'],
  ['sn', '\ud800', 'sn'],
  ['email_verified', 'yes', 'email_verified'],
  ['updated_at', '-1', 'updated_at'],
  ['updated_at', [[1]], 'updated_at[0]'],
]

test('PingAM: a value that its attribute cannot have is refused, and told where it stands', () => {
  for (const [name, sent, path] of refused) {
    const attribute = attributeOf(name)
    assert.ok(attribute)
    const read = readValues(attribute, sent)
    assert.ok('path' in read, name)
    assert.equal(read.path, path)
  }
})

test('house: what an account held before it had several values is read as it was', () => {
  const mail = attributeOf('email')
  assert.ok(mail)
  assert.deepEqual(valuesOf({ email: 'a@b.example' }, mail), ['a@b.example'])
  assert.deepEqual(valuesOf({ email: '' }, mail), [])
  assert.deepEqual(valuesOf({}, mail), [])
})
