import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { secretProblem } from './secret-text.ts'

test('C-27 a secret used as a key is as long as its hash', () => {
  assert.equal(secretProblem('mySecret', 0), undefined)
  assert.match(secretProblem('mySecret', 32) ?? '', /^32 bytes/)
  assert.equal(secretProblem('x'.repeat(32), 32), undefined)
  assert.equal(secretProblem('ü'.repeat(16), 32), undefined)
})

test('K-11 a secret is text of some length', () => {
  assert.equal(secretProblem('sécrèt:with%colon and space', 0), undefined)
  for (const secret of ['', 'a\nb', 'a\u0000', '\ud800', 'x'.repeat(1025)]) {
    assert.equal(typeof secretProblem(secret, 0), 'string')
  }
})

test('J-1 a public key in any form is no secret', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString().replaceAll('\n', ' ')
  const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const old = publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64')
  const jwk = JSON.stringify(publicKey.export({ format: 'jwk' }))
  for (const key of [pem, ` ${pem}`, der, old, jwk, ` ${jwk}`, `{"keys":[${jwk}]}`]) {
    assert.equal(secretProblem(key, 0), 'a key, not a secret')
  }
  assert.equal(secretProblem('MIIB{not a key at all, only text}', 0), undefined)
  assert.equal(secretProblem(`MIIB${'A'.repeat(60)}`, 0), undefined)
})
