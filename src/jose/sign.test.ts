import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compactVerify, importJWK, SignJWT } from 'jose'
import type { JsonObject } from '../base/json.ts'
import { random } from '../base/random.ts'
import type { JwsAlg } from './algorithm.ts'
import { jwsAlgorithms } from './algorithm.ts'
import type { PairAlg } from './generate.ts'
import { generateSigningKey } from './generate.ts'
import type { SigningKey } from './jwk.ts'
import { importSigningKey, publicJwk, secretKey } from './jwk.ts'
import { signJwt } from './sign.ts'
import { verifyJws } from './verify.ts'

const claims = {
  iss: 'a',
  sub: 'ü ∞ 🂡',
  aud: ['x', 'y'],
  exp: 4102444800,
  nested: { a: [1, null] },
}
const inlineAlgs: readonly string[] = ['ES256', 'EdDSA', 'Ed25519', 'HS256', 'HS384', 'HS512']

interface Pair {
  readonly ours: SigningKey
  readonly signing: Parameters<SignJWT['sign']>[0]
  readonly verifying: Parameters<typeof compactVerify>[1]
}

async function makePair(alg: JwsAlg): Promise<Pair> {
  if (jwsAlgorithms[alg].kty === 'oct') {
    const secret = random(64)
    const imported = secretKey(secret, alg)
    assert.ok(imported.ok)
    return { ours: imported.key, signing: secret, verifying: secret }
  }
  const { privateJwk } = await generateSigningKey(alg as PairAlg)
  const imported = importSigningKey(privateJwk)
  assert.ok(imported.ok)
  const [signing, verifying] = await Promise.all([
    importJWK({ ...privateJwk }, alg),
    importJWK(publicJwk(privateJwk), alg),
  ])
  return { ours: imported.key, signing, verifying }
}

for (const alg of Object.keys(jwsAlgorithms) as JwsAlg[]) {
  test(`RFC 7515 §5 ${alg}: what we sign, jose verifies; what jose signs, we verify`, async () => {
    const { ours, signing, verifying } = await makePair(alg)
    for (let i = 0; i < 4; i++) {
      const made = signJwt(ours, { typ: 'JWT' }, { ...claims, i })
      assert.equal(typeof made === 'string', inlineAlgs.includes(alg))
      const theirs = await compactVerify(await made, verifying, { algorithms: [alg] })
      assert.deepEqual(JSON.parse(Buffer.from(theirs.payload).toString()), { ...claims, i })

      const token = await new SignJWT({ ...claims, i }).setProtectedHeader({ alg }).sign(signing)
      const verdict = await verifyJws(token, [ours.verifying], [alg])
      assert.ok(verdict.ok)
      assert.deepEqual(verdict.claims, { ...claims, i })
      const own = await verifyJws(await made, [ours.verifying], [alg])
      assert.ok(own.ok)
    }
  })

  test(`RFC 8725 §3.1 ${alg}: a token is refused under every other alg's name`, async () => {
    const { ours, signing } = await makePair(alg)
    const token = await new SignJWT(claims).setProtectedHeader({ alg }).sign(signing)
    for (const other of Object.keys(jwsAlgorithms) as JwsAlg[]) {
      const same = jwsAlgorithms[other] === jwsAlgorithms[alg]
      const verdict = await verifyJws(token, [ours.verifying], [other])
      assert.equal(verdict.ok, same, other)
    }
  })
}

const decoded = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString())

test('PingAM header members come in the order typ, kid, alg; absent ones are left out', async () => {
  const { ours } = await makePair('ES256')
  const token = await signJwt(ours, { typ: 'JWT' }, claims)
  assert.deepEqual(
    JSON.stringify(decoded(token)),
    `{"typ":"JWT","kid":"${ours.kid}","alg":"ES256"}`,
  )
  assert.deepEqual(decoded(await signJwt(ours, {}, claims)), { kid: ours.kid, alg: 'ES256' })
  const again = await signJwt(ours, { typ: 'at+jwt' }, claims)
  assert.deepEqual(decoded(again), { typ: 'at+jwt', kid: ours.kid, alg: 'ES256' })
  const secret = await makePair('HS256')
  assert.deepEqual(decoded(await signJwt(secret.ours, {}, claims)), { alg: 'HS256' })
})

test('RFC 9864 §2.2 an Ed25519 key signs under either name, and under no third', async () => {
  const { ours } = await makePair('EdDSA')
  for (const alg of ['EdDSA', 'Ed25519'] as const) {
    const token = await signJwt(ours, { alg }, claims)
    assert.deepEqual(decoded(token), { kid: ours.kid, alg })
    for (const name of ['EdDSA', 'Ed25519'] as const) {
      assert.ok((await verifyJws(token, [ours.verifying], [name])).ok)
    }
  }
  assert.throws(() => signJwt(ours, { alg: 'ES256' }, claims), TypeError)
})

test('RFC 7518 §3.2 a secret shorter than the hash makes no key', () => {
  const least = { HS256: 32, HS384: 48, HS512: 64 } as const
  for (const [alg, bytes] of Object.entries(least) as [keyof typeof least, number][]) {
    assert.ok(secretKey('x'.repeat(bytes), alg).ok)
    assert.deepEqual(secretKey('x'.repeat(bytes - 1), alg), {
      ok: false,
      reason: 'the secret is too short',
    })
    assert.ok(secretKey('ü'.repeat(bytes / 2), alg).ok, 'octets count, not characters')
  }
  assert.deepEqual(secretKey('x'.repeat(64), 'ES256'), { ok: false, reason: 'alg takes no secret' })
})

test('RFC 8725 §3.1 a private key must state its alg, and its halves must agree', async () => {
  const reasonOf = (jwk: JsonObject): string => {
    const imported = importSigningKey(jwk)
    return imported.ok ? 'accepted' : imported.reason
  }
  for (const alg of ['ES256', 'EdDSA', 'RS256'] as const) {
    const [a, b] = await Promise.all([generateSigningKey(alg), generateSigningKey(alg)])
    const { d } = b.privateJwk
    assert.equal(reasonOf(a.privateJwk), 'accepted')
    const members = alg === 'RS256' ? { n: b.privateJwk.n } : { d }
    const mixed = { ...a.privateJwk, ...members } as JsonObject
    assert.equal(reasonOf(mixed), 'the private and public members disagree', alg)
    const { alg: _, ...unnamed } = a.privateJwk
    assert.equal(reasonOf(unnamed), 'alg is not supported')
    assert.equal(reasonOf({ ...a.privateJwk, alg: 'HS256' }), 'alg does not fit the key')
    assert.equal(reasonOf(publicJwk(a.privateJwk)), 'the private members are malformed')
    assert.equal(reasonOf({ ...a.privateJwk, key_ops: ['verify'] }), 'key_ops does not list sign')
  }
})
