import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestOf } from '../../test/world.ts'
import { OAuthError } from '../protocol/error.ts'
import type { BindingOf } from './binding.ts'
import { unbound } from './binding.ts'
import { proofs, provenBinding } from './proof.ts'

test('RFC 6750 §1.2, RFC 7800 §3.1 a request without a proof binds to no key: a bearer token without cnf', () => {
  const binding = provenBinding(requestOf('POST', '/par', {}))
  assert.deepEqual(binding, { kind: 'none', token_type: 'Bearer', cnf: undefined })
  assert.equal(binding, unbound)
  assert.ok(Object.isFrozen(binding))
})

test('RFC 9449 §6.1, RFC 8705 §3.1 a row more is a binding more, which does not compile without its key', () => {
  type More = BindingOf<{
    none: { token_type: 'Bearer'; member: undefined }
    dpop: { token_type: 'DPoP'; member: 'jkt' }
    mtls: { token_type: 'Bearer'; member: 'x5t#S256' }
  }>
  const made: readonly More[] = [
    { kind: 'none', token_type: 'Bearer', cnf: undefined },
    { kind: 'dpop', token_type: 'DPoP', cnf: { jkt: 'thumbprint' } },
    { kind: 'mtls', token_type: 'Bearer', cnf: { 'x5t#S256': 'thumbprint' } },
  ]
  type Keyless = { kind: 'dpop'; token_type: 'DPoP'; cnf: undefined }
  type Strange = { kind: 'mtls'; token_type: 'Bearer'; cnf: { jkt: string } }
  const compiles: readonly [
    Keyless extends More ? true : false,
    Strange extends More ? true : false,
  ] = [false, false]
  assert.deepEqual(compiles, [false, false])
  const bound = made.filter(({ cnf }) => cnf !== undefined).map(({ kind }) => kind)
  assert.deepEqual(bound, ['dpop', 'mtls'])
})

test('C-26 a proof of any kind that is carried is never passed over', () => {
  assert.ok(proofs.some(({ header }) => header === 'dpop'))
  for (const { header } of proofs) {
    for (const value of ['', 'a.b.c']) {
      const http = requestOf('POST', '/par', { headers: { [header]: value } })
      assert.throws(() => provenBinding(http), OAuthError, `${header}: ${value}`)
    }
  }
})
