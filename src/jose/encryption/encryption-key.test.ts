import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { JsonObject } from '../../base/json.ts'
import type { JweAlg, JweEnc } from '../algorithm.ts'
import { generateEncryptionKey } from '../generate.ts'
import { publicJwk } from '../jwk.ts'
import {
  importDecryptingKey,
  importEncryptingKey,
  secretEncryptionKey,
  secretEncryptionKeys,
  serves,
  sharedKey,
} from './encryption-key.ts'

const rsa = (await generateEncryptionKey('RSA')).privateJwk
const ec = (await generateEncryptionKey('P-256')).privateJwk
const ecOther = (await generateEncryptionKey('P-256')).privateJwk
const rsaOther = (await generateEncryptionKey('RSA')).privateJwk

function reasonOf(result: { readonly ok: boolean; readonly reason?: string }): string {
  return result.ok ? 'taken' : (result.reason as string)
}

const publicReason = (jwk: JsonObject): string => reasonOf(importEncryptingKey(jwk))
const privateReason = (jwk: JsonObject): string => reasonOf(importDecryptingKey(jwk))

test('RFC 7517 §4.4 a key serves the alg it states, else every one of its type', () => {
  const algorithmsOf = (jwk: JsonObject): readonly JweAlg[] => {
    const imported = importEncryptingKey(publicJwk(jwk))
    assert.ok(imported.ok)
    return imported.key.algorithms
  }
  assert.deepEqual(algorithmsOf(rsa), ['RSA-OAEP', 'RSA-OAEP-256'])
  const agreements = ['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A192KW', 'ECDH-ES+A256KW']
  assert.deepEqual(algorithmsOf(ec), agreements)
  assert.deepEqual(algorithmsOf({ ...rsa, alg: 'RSA-OAEP' }), ['RSA-OAEP'])
  assert.deepEqual(algorithmsOf({ ...ec, alg: 'ECDH-ES+A192KW' }), ['ECDH-ES+A192KW'])
  for (const alg of ['ECDH-ES', 'RS256', 'RSA1_5', 'dir', 'constructor', 7, null]) {
    assert.equal(publicReason({ ...publicJwk(rsa), alg }), 'alg does not fit the key')
  }
})

test('RFC 7517 §4.2, §4.3 only keys for encryption are taken', () => {
  const shown = publicJwk(ec)
  assert.equal(publicReason({ ...shown, use: 'sig' }), 'use is not enc')
  assert.equal(privateReason({ ...ec, use: 'sig' }), 'use is not enc')
  const { use: _, ...bare } = shown
  assert.equal(publicReason(bare), 'taken')
  for (const key_ops of [['deriveKey'], ['deriveBits', 'x'], []]) {
    assert.equal(publicReason({ ...shown, key_ops }), 'taken')
  }
  const wanted = 'encrypt or wrapKey or deriveKey or deriveBits'
  assert.equal(publicReason({ ...shown, key_ops: ['verify'] }), `key_ops does not list ${wanted}`)
  assert.equal(publicReason({ ...publicJwk(rsa), key_ops: [] }), `key_ops does not list ${wanted}`)
  assert.equal(privateReason({ ...rsa, key_ops: ['unwrapKey'] }), 'taken')
  const own = 'decrypt or unwrapKey or deriveKey or deriveBits'
  assert.equal(privateReason({ ...rsa, key_ops: ['sign'] }), `key_ops does not list ${own}`)
})

test('J-8 private, weak and foreign keys are refused', async () => {
  assert.equal(publicReason(ec), 'the key is not public')
  assert.equal(
    publicReason({ ...publicJwk(rsa), n: (rsa.n as string).slice(0, 168) }),
    'the RSA key is too short',
  )
  assert.equal(
    publicReason({ ...publicJwk(ec), y: ecOther.y as string }),
    'the key is not on its curve',
  )
  assert.equal(publicReason({ kty: 'oct', use: 'enc' }), 'the key is symmetric')
  assert.equal(publicReason({ ...publicJwk(ec), kid: 7 }), 'kid is malformed')
  const x25519 = { kty: 'OKP', crv: 'X25519', x: ec.x as string }
  assert.equal(publicReason(x25519), 'crv is not supported')
  assert.equal(publicReason({ ...x25519, crv: 'Ed25519' }), 'alg does not fit the key')
})

test('RFC 7517 §9.2 a private key whose halves disagree is refused', () => {
  assert.equal(privateReason(ec), 'taken')
  assert.equal(privateReason(rsa), 'taken')
  const wrong = 'the private and public members disagree'
  assert.equal(privateReason({ ...ec, d: ecOther.d as string }), wrong)
  const { d, p, q, dp, dq, qi } = rsaOther as Record<string, string>
  const mixed = { ...rsa, d, p, q, dp, dq, qi } as JsonObject
  assert.match(privateReason(mixed), /disagree|malformed/)
  assert.equal(privateReason(publicJwk(ec)), 'the private members are malformed')
})

test('OIDC Core §10.2 a secret’s key is the left of a SHA-2 hash of its UTF-8 text', () => {
  const secret = 'ein Geheimnis — 秘密'
  const left = (hash: string, bytes: number): string =>
    createHash(hash).update(secret, 'utf8').digest().subarray(0, bytes).toString('hex')
  const cases: readonly [JweAlg, JweEnc, string, number][] = [
    ['A128KW', 'A256CBC-HS512', 'sha256', 16],
    ['A192KW', 'A128GCM', 'sha256', 24],
    ['A256KW', 'A128GCM', 'sha256', 32],
    ['dir', 'A128GCM', 'sha256', 16],
    ['dir', 'A192GCM', 'sha256', 24],
    ['dir', 'A256GCM', 'sha256', 32],
    ['dir', 'A128CBC-HS256', 'sha256', 32],
    ['dir', 'A192CBC-HS384', 'sha384', 48],
    ['dir', 'A256CBC-HS512', 'sha512', 64],
  ]
  const all = secretEncryptionKeys(secret)
  for (const [alg, enc, hash, bytes] of cases) {
    const derived = secretEncryptionKey(secret, alg, enc)
    assert.ok(derived.ok)
    assert.equal(derived.key.key.export().toString('hex'), left(hash, bytes), `${alg} ${enc}`)
    const serving = all.filter((key) => serves(key, alg, enc))
    assert.deepEqual(
      serving.map((key) => key.key.export().toString('hex')),
      [left(hash, bytes)],
    )
  }
  assert.deepEqual(
    all.map((key) => key.bits),
    [128, 192, 256, 384, 512],
  )
})

test('OIDC Core §10.2 pairs take no secret, and no secret is no key', () => {
  assert.equal(reasonOf(secretEncryptionKey('a', 'ECDH-ES', 'A128GCM')), 'alg takes no secret')
  assert.equal(reasonOf(secretEncryptionKey('a', 'RSA-OAEP', 'A128GCM')), 'alg takes no secret')
  assert.equal(reasonOf(secretEncryptionKey('', 'dir', 'A128GCM')), 'the secret is empty')
  assert.deepEqual(secretEncryptionKeys(''), [])
  assert.equal(reasonOf(sharedKey(Buffer.alloc(20))), 'no alg takes a key of that length')
})
