import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { everything, makePair, makeShared, wrap } from '../../test/jwe.ts'
import { encode, forge, makeKey } from '../../test/token.ts'
import type { JsonObject } from '../base/json.ts'
import { importDecryptingKey } from './encryption/encryption-key.ts'
import { importVerifyingKey } from './jwk.ts'
import { readNested } from './nested.ts'
import { verifyJws } from './verify.ts'

const signer = await makeKey('ES256')
const ours = await makePair('P-256')
const shared = makeShared('dir', 'A128GCM')
const head = { alg: 'ECDH-ES', enc: 'A256GCM' }
const claims = { iss: 'a', client_id: 'a' }
const jws = forge(signer, { alg: 'ES256', kid: signer.kid }, claims)

function sealed(payload: string, more: object = { cty: 'JWT' }): Promise<string> {
  return wrap(payload, ours.encrypting, { ...head, ...more })
}

async function reasonOf(token: string): Promise<string> {
  const verdict = await readNested(token, [ours, shared], everything)
  if (!verdict.ok) return verdict.reason
  const verified = await verifyJws(verdict.jws, [signer.verifying], ['ES256'])
  return verified.ok ? `verified, ${verdict.jwe?.alg ?? 'bare'}` : verified.reason
}

test('RFC 9101 §4 a signed object is read bare or encrypted, and its signature is checked', async () => {
  assert.equal(await reasonOf(jws), 'verified, bare')
  assert.equal(await reasonOf(await sealed(jws)), 'verified, ECDH-ES')
  const foreign = forge(await makeKey('ES256'), { alg: 'ES256', kid: signer.kid }, claims)
  assert.equal(await reasonOf(await sealed(foreign)), 'the signature is wrong')
})

test('RFC 7520 §6 a nested JWT', async () => {
  const file = new URL('../../test/vectors/jwe.json', import.meta.url)
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly JsonObject[]
  const vector = vectors.find(({ name }) => name === 'RFC 7520 §6 a nested JWT')
  const key = importDecryptingKey(vector?.key as JsonObject)
  const signedBy = importVerifyingKey(vector?.signed_by as JsonObject)
  assert.ok(key.ok && signedBy.ok)
  const nested = await readNested(vector?.token as string, [key.key], everything)
  assert.ok(nested.ok)
  const verified = await verifyJws(nested.jws, [signedBy.key], ['PS256'])
  assert.ok(verified.ok)
  assert.deepEqual(verified.claims, JSON.parse(vector?.payload as string))
})

test('P-9 encrypted JSON is not signed', async () => {
  const noJwt = 'the payload of the JWE is no JWT'
  assert.equal(await reasonOf(await sealed(JSON.stringify(claims))), noJwt)
  assert.equal(await reasonOf(await sealed(JSON.stringify(claims), {})), noJwt)
  assert.equal(await reasonOf(await sealed('')), noJwt)
  assert.equal(await reasonOf(await sealed(encode(claims))), noJwt)
  const withDots = JSON.stringify({ ...claims, scope: 'a.b.c' })
  assert.notEqual(await reasonOf(await sealed(withDots)), 'verified, ECDH-ES')
  assert.equal(await reasonOf(JSON.stringify(claims)), 'the token is no compact JWS')
})

test('P-9 none is no signature, inside a JWE or outside', async () => {
  for (const alg of ['none', 'None', 'NONE', '', 'dir', 'HS1']) {
    const unsigned = `${encode({ alg })}.${encode(claims)}.`
    for (const token of [unsigned, await sealed(unsigned)]) {
      const verdict = await readNested(token, [ours], everything)
      assert.deepEqual(verdict, { ok: false, reason: 'the alg is not allowed' })
    }
  }
})

test('P-9 nothing is wrapped twice, nor a JWE signed', async () => {
  const once = await sealed(jws)
  assert.equal(await reasonOf(await sealed(once)), 'the payload of the JWE is no JWT')
  const mixed = await wrap(once, shared.encrypting, { alg: 'dir', enc: 'A128GCM', cty: 'JWT' })
  assert.equal(await reasonOf(mixed), 'the payload of the JWE is no JWT')
  const signedJwe = forge(signer, { alg: 'ES256', kid: signer.kid, cty: 'JWT' }, once)
  assert.equal(await reasonOf(signedJwe), 'the payload is no JSON object')
  assert.equal(await reasonOf(await sealed(signedJwe)), 'the payload is no JSON object')
  const signedJws = forge(signer, { alg: 'ES256', kid: signer.kid, cty: 'JWT' }, jws)
  assert.equal(await reasonOf(await sealed(signedJws)), 'the payload is no JSON object')
})

test('P-9 RFC 7519 §5.2 cty may be left out or name a JWT, and nothing else', async () => {
  const fine = ['JWT', 'jwt', 'application/jwt', 'oauth-authz-req+jwt', 'application/x+JWT']
  for (const cty of fine)
    assert.equal(await reasonOf(await sealed(jws, { cty })), 'verified, ECDH-ES')
  assert.equal(await reasonOf(await sealed(jws, {})), 'verified, ECDH-ES')
  for (const cty of ['json', '', 'jwk+json', 'xjwt', 'jwt ', 7, null, ['JWT']]) {
    const reason = await reasonOf(await sealed(jws, { cty }))
    assert.equal(reason, 'the payload of the JWE is no JWT', JSON.stringify(cty))
  }
})

test('RFC 7519 §5.3 what the JWE header repeats of the claims is the same', async () => {
  assert.equal(await reasonOf(await sealed(jws, { iss: 'a' })), 'verified, ECDH-ES')
  const wrong = 'the JWE header and the claims disagree'
  for (const more of [{ iss: 'b' }, { iss: ['a'] }, { aud: 'x' }, { sub: null }]) {
    assert.equal(await reasonOf(await sealed(jws, more)), wrong, JSON.stringify(more))
  }
})

test('P-9 J-3 other shapes are no token: parts, white space, JSON serialization, bytes', async () => {
  for (const inner of [
    `${jws}.`,
    ` ${jws}`,
    `${jws}\n`,
    `${jws}.a.b`,
    jws.slice(0, -90),
    '..',
    '...',
  ]) {
    assert.notEqual(await reasonOf(await sealed(inner)), 'verified, ECDH-ES', inner)
  }
  const [protectedHeader, payload, signature] = jws.split('.')
  const json = JSON.stringify({ protected: protectedHeader, payload, signature })
  assert.equal(await reasonOf(await sealed(json)), 'the payload of the JWE is no JWT')
  for (const token of ['', '.', '..', '...', '....', '.....', 'a.b.c.d.e', 'a.b.c.d.e.f']) {
    assert.notEqual(await reasonOf(token), 'verified, bare', token)
  }
})
