import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../../test/people.ts'
import { amrOf } from './amr.ts'

const { alpha } = await people()
const told = (methods: readonly string[], amrMappings = {}) =>
  amrOf({ provider: { ...alpha.provider, amrMappings } }, methods)

test('RFC 8176 §2: amr says how somebody logged in, and mfa where they showed two kinds of things', () => {
  assert.deepEqual(told(['DataStore']), ['pwd'])
  assert.deepEqual(told(['WebAuthnAuthentication']), ['pop', 'user'])
  assert.deepEqual(told(['DataStore', 'WebAuthnAuthentication']), ['pwd', 'pop', 'user', 'mfa'])
  assert.deepEqual(told(['AuthenticatorOATH', 'WebAuthnAuthentication']), ['otp', 'pop', 'user'])
  assert.deepEqual(told(['WebAuthnAuthentication', 'UserVerification']), ['pop', 'user', 'mfa'])
  for (const none of [[], ['PersistentCookie'], ['__proto__']]) assert.equal(told(none), undefined)
})

test('PingAM: amrMappings name the values of a realm’s own', () => {
  const mappings = { key: 'WebAuthnAuthentication', fido: 'WebAuthnAuthentication', x: 'Other' }
  assert.deepEqual(told(['DataStore', 'WebAuthnAuthentication'], mappings), ['pwd', 'key', 'fido'])
})
