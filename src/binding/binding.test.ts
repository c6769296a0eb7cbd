import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BindingOf } from './binding.ts'

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
