import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeKey } from '../../test/token.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { parseJson } from '../base/json.ts'
import { jwsAlgorithms } from './algorithm.ts'
import type { SigningKey } from './jwk.ts'
import { keysFor, readKeySet } from './jwks.ts'

const [es, rs, ed] = await Promise.all([makeKey('ES256'), makeKey('RS256'), makeKey('EdDSA')])

const shown = (key: SigningKey, more: JsonObject = {}): JsonObject => ({
  ...(key.verifying.key.export({ format: 'jwk' }) as JsonObject),
  ...more,
})

test('RFC 7517 §5 members that cannot be used are left out, with the reason', () => {
  const set = readKeySet({
    keys: [
      shown(es, { kid: 'a' }),
      { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' },
      shown(rs, { use: 'enc' }),
      shown(rs, { alg: 'RSA-OAEP' }),
      shown(ed, { key_ops: ['sign'] }),
      { kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' },
      {},
      shown(rs, { kid: 'b', alg: 'PS256', x5c: ['ignored'], unknown: 1 }),
    ],
  })
  assert.ok(set.ok)
  assert.deepEqual(
    set.keys.map((key) => key.kid),
    ['a', 'b'],
  )
  assert.deepEqual(set.ignored, [
    'keys[1]: kty is not supported',
    'keys[2]: use is not sig',
    'keys[3]: alg does not fit the key',
    'keys[4]: key_ops does not list verify',
    'keys[5]: crv is not supported',
    'keys[6]: kty is not supported',
  ])
})

test('K-7 a set that publishes a private or symmetric key is refused whole', () => {
  const own = es.key.export({ format: 'jwk' }) as JsonObject
  for (const bad of [own, { kty: 'oct', k: 'AAAA' }, { ...shown(rs), d: 'AAAA' }]) {
    const set = readKeySet({ keys: [shown(es), bad] })
    assert.deepEqual(set, { ok: false, reason: 'keys[1] is not public' })
  }
})

test('S-2 a set of more than a hundred keys is refused, and one of a hundred is quick', () => {
  const few = readKeySet({ keys: Array<Json>(100).fill(shown(es)) })
  assert.ok(few.ok)
  assert.equal(few.keys.length, 100)
  for (const count of [101, 100_000]) {
    const set = readKeySet({ keys: Array<Json>(count).fill({}) })
    assert.deepEqual(set, { ok: false, reason: 'the key set has too many keys' })
  }
})

test('RFC 7517 §5 what is no key set is refused', () => {
  const others = [
    'null',
    '1',
    '"keys"',
    '[]',
    '{}',
    '{"keys":{}}',
    '{"keys":"x"}',
    '{"__proto__":{"keys":[]}}',
  ]
  for (const text of others) {
    assert.deepEqual(readKeySet(parseJson(text)), { ok: false, reason: 'the key set has no keys' })
  }
  assert.equal(readKeySet(undefined).ok, false)
  assert.deepEqual(readKeySet({ keys: [] }), {
    ok: true,
    keys: [],
    encrypting: [],
    ignored: [],
    strange: [],
  })
})

test('RFC 7517 §5 members that are no objects are passed over, and told apart', () => {
  for (const odd of [null, 1, true, 'key', [shown(es)]]) {
    const set = readKeySet({ keys: [odd, shown(es, { kid: 'good' }), {}] })
    assert.ok(set.ok)
    assert.deepEqual(
      set.keys.map((key) => key.kid),
      ['good'],
    )
    assert.deepEqual(set.strange, ['keys[0]: no object'])
    assert.deepEqual(set.ignored, ['keys[0]: no object', 'keys[2]: kty is not supported'])
  }
})

test('RFC 7515 §4.1.4 a kid that no key has is a hint at those without any', () => {
  const set = readKeySet({ keys: [shown(es, { kid: 'a' }), shown(es), shown(rs)] })
  assert.ok(set.ok)
  const [a, nameless] = set.keys
  assert.deepEqual(keysFor(set.keys, jwsAlgorithms.ES256, 'b'), [nameless])
  assert.deepEqual(keysFor(set.keys, jwsAlgorithms.ES256, 'a'), [a], 'JAR-12 one that has it is it')
  assert.deepEqual(keysFor(set.keys.slice(0, 1), jwsAlgorithms.ES256, 'b'), [])
})

test('RFC 7517 §4.5 keys that share a kid are told apart by what they can do', () => {
  const set = readKeySet({ keys: [shown(es, { kid: 'k' }), shown(rs, { kid: 'k' }), shown(ed)] })
  assert.ok(set.ok)
  const [a, b, c] = set.keys
  assert.deepEqual(keysFor(set.keys, jwsAlgorithms.ES256, 'k'), [a])
  assert.deepEqual(keysFor(set.keys, jwsAlgorithms.PS512, 'k'), [b])
  assert.deepEqual(keysFor(set.keys, jwsAlgorithms.EdDSA, 'k'), [])
  assert.deepEqual(keysFor(set.keys, jwsAlgorithms.Ed25519, undefined), [c])
})
