import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { JsonObject } from '../base/json.ts'
import { parseJsonObject } from '../base/json.ts'
import { jwsAlgorithms } from './algorithm.ts'
import { generateSigningKey } from './generate.ts'
import { importVerifyingKey, publicJwk, thumbprint } from './jwk.ts'

const rsa: Record<string, JsonObject> = {}
let ec: JsonObject
let ed: JsonObject

before(async () => {
  const keys = await Promise.all([
    generateSigningKey('RS256'),
    generateSigningKey('ES256'),
    generateSigningKey('EdDSA'),
  ])
  rsa.private = keys[0].privateJwk
  ec = keys[1].privateJwk
  ed = keys[2].privateJwk
})

const number = (n: bigint): string => {
  const hex = n.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url')
}

/** An odd number of so many bits; no RSA key, but nothing in its shape says so. */
const modulus = (bits: number): string => number((1n << BigInt(bits - 1)) + 0x1234567n)

/** The same number with a zero byte before it. */
const zeroFirst = (text: string): string =>
  Buffer.concat([Buffer.alloc(1), Buffer.from(text, 'base64url')]).toString('base64url')

const reasonOf = (jwk: JsonObject): string => {
  const imported = importVerifyingKey(jwk)
  return imported.ok ? 'accepted' : imported.reason
}

test('RFC 7638 §3.1 the example thumbprint', () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw'
  const jwk = { kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' }
  assert.equal(thumbprint(jwk), 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  const imported = importVerifyingKey(jwk)
  assert.ok(imported.ok)
  assert.equal(imported.key.thumbprint, 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
})

test('RFC 8037 §A.3 the example thumbprint', () => {
  const jwk = { x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', crv: 'Ed25519', kty: 'OKP' }
  assert.equal(thumbprint(jwk), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
})

test('RFC 7638 §3.2 a private key and its public half have one thumbprint; a secret has none', () => {
  for (const jwk of [rsa.private as JsonObject, ec, ed]) {
    assert.equal(thumbprint(jwk), thumbprint(publicJwk(jwk)))
  }
  assert.equal(thumbprint({ kty: 'oct', k: 'AAAA' }), undefined)
})

test('RFC 7517 §9.2 publicJwk shows no private member, and none we do not know', () => {
  const more = { ...rsa.private, oth: [], k: 'AAAA', secret: 'x', x5c: ['x'] }
  const shown = publicJwk(more as JsonObject)
  assert.deepEqual(Object.keys(shown), ['kty', 'kid', 'use', 'alg', 'n', 'e'])
  assert.deepEqual(Object.keys(publicJwk(ec)), ['kty', 'kid', 'use', 'alg', 'crv', 'x', 'y'])
  assert.deepEqual(Object.keys(publicJwk(ed)), ['kty', 'kid', 'use', 'alg', 'crv', 'x'])
})

test('K-7 every private member in a public place is refused', () => {
  const jwk = publicJwk(ec)
  for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) {
    assert.equal(reasonOf({ ...jwk, [name]: '' }), 'the key is not public', name)
    assert.equal(reasonOf({ ...jwk, [name]: null }), 'the key is not public', name)
  }
  assert.equal(reasonOf({ kty: 'oct', k: 'AAAA' }), 'the key is not public')
  assert.equal(reasonOf({ kty: 'oct' }), 'the key is symmetric')
})

const n2048 = modulus(2048)
const weak: [name: string, jwk: JsonObject, reason: string][] = [
  ['2047 bits', { n: modulus(2047), e: 'AQAB' }, 'the RSA key is too short'],
  ['1024 bits', { n: modulus(1024), e: 'AQAB' }, 'the RSA key is too short'],
  ['2048 bits', { n: n2048, e: 'AQAB' }, 'accepted'],
  ['8192 bits', { n: modulus(8192), e: 'AQAB' }, 'accepted'],
  ['8193 bits', { n: modulus(8193), e: 'AQAB' }, 'the RSA key is too long'],
  ['16384 bits', { n: modulus(16384), e: 'AQAB' }, 'the RSA key is too long'],
  ['even modulus', { n: number((1n << 2047n) + 2n), e: 'AQAB' }, 'n is malformed'],
  ['leading zero in n', { n: zeroFirst(n2048), e: 'AQAB' }, 'n is malformed'],
  ['exponent 1', { n: n2048, e: 'AQ' }, 'e is too small'],
  ['exponent 3', { n: n2048, e: 'Aw' }, 'e is too small'],
  ['exponent 0', { n: n2048, e: 'AA' }, 'e is malformed'],
  ['exponent 65538', { n: n2048, e: 'AQAC' }, 'e is even'],
  ['exponent of 9 bytes', { n: n2048, e: number((1n << 64n) + 1n) }, 'e is too large'],
  ['exponent as large as n', { n: n2048, e: n2048 }, 'e is too large'],
  ['no exponent', { n: n2048 }, 'e is malformed'],
  ['exponent a number', { n: n2048, e: 65537 }, 'e is malformed'],
  ['no modulus', { e: 'AQAB' }, 'n is malformed'],
  ['padded modulus', { n: `${n2048}==`, e: 'AQAB' }, 'n is malformed'],
]
for (const [name, jwk, reason] of weak) {
  test(`J-8 RSA ${name}: ${reason}`, () => assert.equal(reasonOf({ kty: 'RSA', ...jwk }), reason))
}

test('J-8 EC points off the curve, at infinity or of another length are refused', () => {
  const { crv, x, y } = publicJwk(ec) as { crv: string; x: string; y: string }
  const zero = Buffer.alloc(32).toString('base64url')
  const kty = 'EC'
  assert.equal(reasonOf({ kty, crv, x, y }), 'accepted')
  assert.equal(reasonOf({ kty, crv, x: y, y: x }), 'the key is not on its curve')
  assert.equal(reasonOf({ kty, crv, x: zero, y: zero }), 'the key is not on its curve')
  assert.equal(reasonOf({ kty, crv, x: zeroFirst(x), y }), 'x is malformed')
  assert.equal(reasonOf({ kty, crv, x, y: y.slice(0, -2) }), 'y is malformed')
  assert.equal(reasonOf({ kty, crv, x }), 'y is malformed')
  assert.equal(reasonOf({ kty, crv: 'P-384', x, y }), 'x is malformed')
})

test('J-8 curves that are not in the table, or of another key type, are refused', () => {
  const x = Buffer.alloc(32, 9).toString('base64url')
  for (const crv of [
    'secp256k1',
    'P-192',
    'p-256',
    'Ed448',
    'X25519',
    '__proto__',
    'toString',
    '',
  ]) {
    for (const kty of ['EC', 'OKP']) {
      assert.equal(reasonOf({ kty, crv, x, y: x }), 'crv is not supported', crv)
    }
  }
  assert.equal(reasonOf({ kty: 'OKP', crv: 'P-256', x, y: x }), 'crv is not supported')
  assert.equal(reasonOf({ kty: 'EC', crv: 'Ed25519', x, y: x }), 'crv is not supported')
  assert.equal(reasonOf({ kty: 'AKP', crv: 'P-256', x }), 'kty is not supported')
  assert.equal(reasonOf({}), 'kty is not supported')
})

test('J-8 Ed25519 points of small order are refused, however they are written', () => {
  const points = ['00', '01', 'ec', 'ed', 'ee'].flatMap((first) => {
    const fill = first.startsWith('e') ? 'ff' : '00'
    const lasts = first.startsWith('e') ? ['7f', 'ff'] : ['00', '80']
    return lasts.map((last) => first + fill.repeat(30) + last)
  })
  points.push('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')
  points.push('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa')
  for (const point of points) {
    const x = Buffer.from(point, 'hex').toString('base64url')
    const reason = reasonOf({ kty: 'OKP', crv: 'Ed25519', x })
    assert.equal(reason, 'x is a point of small order', point)
  }
})

test('J-11 a JWK that names a member twice never becomes a key', () => {
  const { x, y } = publicJwk(ec)
  const text = `{"kty":"EC","crv":"P-256","x":"${x}","y":"${y}","alg":"ES256","\\u0061lg":"ES384"}`
  assert.equal(parseJsonObject(text), undefined)
})

test('RFC 7517 §4.2, §4.3 use and key_ops are kept to', () => {
  const { use: _, alg: __, ...jwk } = publicJwk(ec)
  assert.equal(reasonOf({ ...jwk, use: 'sig', key_ops: ['verify'] }), 'accepted')
  assert.equal(reasonOf({ ...jwk, use: 'enc' }), 'use is not sig')
  assert.equal(reasonOf({ ...jwk, use: ['sig'] }), 'use is not sig')
  assert.equal(reasonOf({ ...jwk, key_ops: ['sign'] }), 'key_ops does not list verify')
  assert.equal(reasonOf({ ...jwk, key_ops: 'verify' }), 'key_ops does not list verify')
  assert.equal(reasonOf({ ...jwk, kid: 7 }), 'kid is malformed')
})

test('RFC 8725 §3.1 a key serves its own alg, and without one all of its type', () => {
  const { alg: _, ...any } = publicJwk(rsa.private as JsonObject)
  const algorithms = (jwk: JsonObject): readonly unknown[] => {
    const imported = importVerifyingKey(jwk)
    assert.ok(imported.ok)
    return imported.key.algorithms
  }
  const { RS256, RS384, RS512, PS256, PS384, PS512, ES256, EdDSA } = jwsAlgorithms
  assert.deepEqual(algorithms(any), [RS256, RS384, RS512, PS256, PS384, PS512])
  assert.deepEqual(algorithms({ ...any, alg: 'PS384' }), [PS384])
  assert.deepEqual(algorithms(publicJwk(ec)), [ES256])
  const { alg: __, ...edwards } = publicJwk(ed)
  assert.deepEqual(algorithms(edwards), [EdDSA])
  assert.deepEqual(algorithms({ ...edwards, alg: 'Ed25519' }), [EdDSA])
  for (const alg of ['ES256', 'HS256', 'RSA-OAEP', 'none', 'rs256', '', null, ['RS256']]) {
    assert.equal(reasonOf({ ...any, alg }), 'alg does not fit the key')
  }
})
