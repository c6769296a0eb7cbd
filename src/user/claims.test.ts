import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import type { JsonObject } from '../base/json.ts'
import { parseJsonObject } from '../base/json.ts'
import { claimsOfScopes, claimsRequested, isSubjectWanted } from './claims.ts'

const { demo } = await people()

test('OIDC Core §5.4 each scope gives its claims, in PingAM’s order, as far as the user has them', () => {
  const profile = claimsOfScopes(demo, ['openid', 'profile'])
  assert.deepEqual(Object.keys(profile), ['given_name', 'family_name', 'name', 'zoneinfo'])
  assert.deepEqual(claimsOfScopes(demo, ['email']), {
    email: 'demo@example.com',
    email_verified: true,
  })
  assert.deepEqual(claimsOfScopes(demo, ['phone', 'address']), {
    phone_number: '+49 30 123456',
    phone_number_verified: false,
    address: { street_address: 'Weg 1', locality: 'Berlin' },
  })
  assert.deepEqual(claimsOfScopes(demo, ['openid', 'write']), {})
})

test('T-8 scopes and claims named like members of every object give nothing', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'prototype']
  const before = Object.getOwnPropertyNames(Object.prototype).join()
  assert.deepEqual(claimsOfScopes(demo, names), {})
  const wanted = parseJsonObject(`{${names.map((name) => `"${name}":{"value":{"x":1}}`).join()}}`)
  assert.ok(wanted)
  const claims = claimsRequested(demo, wanted)
  assert.deepEqual(Object.keys(claims), [])
  assert.equal(Object.getPrototypeOf(claims), Object.prototype)
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before)
  assert.equal(
    isSubjectWanted(demo.sub, parseJsonObject('{"__proto__":{"sub":{"value":"x"}}}')),
    true,
  )
})

const requested: [name: string, wanted: JsonObject | undefined, claims: JsonObject][] = [
  ['nothing', undefined, {}],
  ['null asks for the claim', { email: null }, { email: 'demo@example.com' }],
  ['essential changes nothing', { name: { essential: true } }, { name: 'Demo User' }],
  ['the same value', { name: { value: 'Demo User' } }, { name: 'Demo User' }],
  ['another value leaves it out', { email: { value: 'evil@example.com' } }, {}],
  ['one of the values', { name: { values: ['x', 'Demo User'] } }, { name: 'Demo User' }],
  ['none of the values', { name: { values: ['x', 'y'] } }, {}],
  ['no values at all', { name: { values: [] } }, {}],
  ['values that are no list', { name: { values: 'Demo User' } }, {}],
  ['another type is another value', { email_verified: { value: 'true' } }, {}],
  ['false is a value', { phone_number_verified: null }, { phone_number_verified: false }],
  [
    'an object in any order',
    { address: { value: { locality: 'Berlin', street_address: 'Weg 1' } } },
    { address: { street_address: 'Weg 1', locality: 'Berlin' } },
  ],
  [
    'an object with more in it',
    { address: { value: { locality: 'Berlin', street_address: 'Weg 1', x: 1 } } },
    {},
  ],
  ['what the user has not', { picture: null, middle_name: { value: 'x' }, nickname: null }, {}],
  ['what nobody has', { favourite_colour: { value: 'red' }, password: null, roles: null }, {}],
]
for (const [name, wanted, claims] of requested) {
  test(`T-4 OIDC Core §5.5.1 ${name}`, () =>
    assert.deepEqual(claimsRequested(demo, wanted), claims))
}

const spoken = [
  'sub',
  'iss',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'nonce',
  'acr',
  'amr',
  'azp',
  'auth_time',
  'at_hash',
  'c_hash',
  's_hash',
  'sid',
  'realm',
  'subname',
  'tokenName',
  'cnf',
  'scope',
  'client_id',
]
for (const name of spoken) {
  test(`T-4 ${name} never comes from a claims request nor from attributes`, () => {
    const user = { ...demo, attributes: { ...demo.attributes, [name]: 'attacker' } }
    for (const wish of [
      null,
      { value: 'attacker' },
      { values: ['attacker'] },
      { essential: true },
    ]) {
      assert.deepEqual(claimsRequested(user, { [name]: wish }), {})
    }
    const all = claimsOfScopes(user, ['openid', 'profile', 'email', 'address', 'phone', name])
    assert.equal(Object.hasOwn(all, name), false)
  })
}

test('T-4 OIDC Core §5.5.1 sub asked for with another value cannot be met', () => {
  assert.equal(isSubjectWanted(demo.sub, undefined), true)
  assert.equal(isSubjectWanted(demo.sub, { sub: null }), true)
  assert.equal(isSubjectWanted(demo.sub, { sub: { value: demo.sub } }), true)
  assert.equal(isSubjectWanted(demo.sub, { sub: { value: 'other' } }), false)
  assert.equal(isSubjectWanted(demo.sub, { sub: { values: ['other'] } }), false)
})
