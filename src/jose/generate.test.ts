import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importDecryptingKey } from './encryption/encryption-key.ts'
import { generateEncryptionKey, generateSigningKey } from './generate.ts'
import { importSigningKey, importVerifyingKey, publicJwk, thumbprint } from './jwk.ts'

for (const alg of ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const) {
  test(`RFC 7517 §4 a generated ${alg} key says what it is and can be used`, async () => {
    const { privateJwk } = await generateSigningKey(alg)
    assert.deepEqual(Object.keys(privateJwk).slice(0, 4), ['kty', 'kid', 'use', 'alg'])
    assert.equal(privateJwk.use, 'sig')
    assert.equal(privateJwk.alg, alg)
    assert.equal(privateJwk.kid, thumbprint(privateJwk))
    const imported = importSigningKey(privateJwk)
    assert.ok(imported.ok)
    assert.equal(imported.key.alg, alg)
    assert.equal(imported.key.verifying.thumbprint, privateJwk.kid)
  })
}

for (const alg of ['RSA-OAEP-256', 'RSA-OAEP', 'ECDH-ES', 'ECDH-ES+A256KW'] as const) {
  test(`RFC 7517 §4.2 a generated ${alg} key is for encryption and checks no signature`, async () => {
    const { privateJwk } = await generateEncryptionKey(alg)
    assert.equal(privateJwk.use, 'enc')
    assert.equal(privateJwk.alg, alg)
    const shown = publicJwk(privateJwk)
    assert.deepEqual([shown.kid, shown.use, shown.alg], [privateJwk.kid, 'enc', alg])
    assert.deepEqual(importVerifyingKey(shown), { ok: false, reason: 'use is not sig' })
    assert.deepEqual(importSigningKey(privateJwk), { ok: false, reason: 'alg is not supported' })
    const imported = importDecryptingKey(privateJwk)
    assert.ok(imported.ok)
    assert.deepEqual(imported.key.algorithms, [alg])
  })
}

for (const kind of ['RSA', 'P-256', 'P-384', 'P-521'] as const) {
  test(`RFC 7517 §4.4 a generated ${kind} key for encryption names no alg`, async () => {
    const { privateJwk } = await generateEncryptionKey(kind)
    assert.equal(Object.hasOwn(privateJwk, 'alg'), false)
    assert.equal(privateJwk.crv, kind === 'RSA' ? undefined : kind)
    assert.equal(privateJwk.kid, thumbprint(privateJwk))
    assert.ok(importDecryptingKey(privateJwk).ok)
    const reason = 'use is not sig'
    assert.deepEqual(importVerifyingKey(publicJwk(privateJwk)), { ok: false, reason })
  })
}

test('RFC 7517 §4 two generated keys differ', async () => {
  const [a, b] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')])
  assert.notEqual(a.privateJwk.kid, b.privateJwk.kid)
})
