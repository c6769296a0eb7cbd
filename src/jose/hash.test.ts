import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { JwsAlg } from './algorithm.ts'
import { jwsAlgorithms } from './algorithm.ts'
import { halfHash } from './hash.ts'

test('PingAM s_hash of abc123 with SHA-256', () => {
  assert.equal(halfHash('RS256', 'abc123'), 'bKE9UspwyIPg8LsQHkJaiQ')
})

test('OIDC Core §A.3 at_hash and §A.4 c_hash of the examples', () => {
  assert.equal(
    halfHash('RS256', 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'),
    '77QmUPtjPfzWtF2AnpK9RQ',
  )
  assert.equal(
    halfHash('RS256', 'Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk'),
    'LDktKdoQak3Pk0cnXxCltA',
  )
})

/** T-5: what each alg must use, written out against the table. */
const hashes: Record<JwsAlg, string> = {
  RS256: 'sha256',
  RS384: 'sha384',
  RS512: 'sha512',
  PS256: 'sha256',
  PS384: 'sha384',
  PS512: 'sha512',
  ES256: 'sha256',
  ES384: 'sha384',
  ES512: 'sha512',
  EdDSA: 'sha512',
  Ed25519: 'sha512',
  HS256: 'sha256',
  HS384: 'sha384',
  HS512: 'sha512',
}

test('T-5 every alg has its hash and half of it is written', () => {
  assert.deepEqual(Object.keys(hashes).sort(), Object.keys(jwsAlgorithms).sort())
  for (const [alg, name] of Object.entries(hashes)) {
    const whole = createHash(name).update('token').digest()
    const half = whole.subarray(0, whole.length / 2).toString('base64url')
    assert.equal(halfHash(alg as JwsAlg, 'token'), half, alg)
  }
})
