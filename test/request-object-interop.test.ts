/** Request objects that another language made, pushed: every signature, every pair of encryption algorithms. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../src/base/json.ts'
import type { JweAlg, JweEnc, JwsAlg } from '../src/jose/algorithm.ts'
import { jweAlgorithms, jwsAlgorithms } from '../src/jose/algorithm.ts'
import { secretEncryptionKey } from '../src/jose/encryption/encryption-key.ts'
import type { PairAlg } from '../src/jose/generate.ts'
import { generateSigningKey } from '../src/jose/generate.ts'
import { publicJwk } from '../src/jose/jwk.ts'
import { jwcrypto, needsJwcrypto } from './jwcrypto.ts'
import { everyJweAlg, everyJweEnc } from './jwe.ts'
import { register } from './register.ts'
import {
  longSecret,
  objectClaims,
  pushObject,
  pushSymmetric,
  registerSymmetric,
  storedOf,
} from './request-object.ts'
import type { World } from './world.ts'
import { base, bodyOf, requestOf, world } from './world.ts'

// RFC 9864's name is newer than Debian's jwcrypto, and the same algorithm as EdDSA.
const algs = (Object.keys(jwsAlgorithms) as JwsAlg[]).filter((alg) => alg !== 'Ed25519')
const isShared = (alg: JwsAlg): boolean => jwsAlgorithms[alg].kty === 'oct'

/** Signed by each algorithm, in turn for as many as are wanted, each by a client of its own. */
async function signedBy(w: World): Promise<ReadonlyMap<JwsAlg, string>> {
  const jobs = await Promise.all(
    algs.map(async (alg) => {
      const client_id = `client ${alg}`
      const key = isShared(alg)
        ? { kty: 'oct', k: Buffer.from(longSecret).toString('base64url') }
        : (await generateSigningKey(alg as PairAlg)).privateJwk
      const keys = isShared(alg)
        ? { requestParameterSignedAlg: alg }
        : {
            publicKeyLocation: 'jwks',
            jwkSet: JSON.stringify({ keys: [publicJwk(key)] }),
          }
      if (isShared(alg)) await registerSymmetric(w, client_id, keys)
      else await register(w, client_id, { keys })
      const kid = typeof key.kid === 'string' ? { kid: key.kid } : {}
      const header = { alg, typ: 'oauth-authz-req+jwt', ...kid }
      const claims = objectClaims(w, client_id, { aud: base, scope: 'openid', state: 'grüß' })
      return { action: 'sign' as const, key, header, text: JSON.stringify(claims) }
    }),
  )
  const results = jwcrypto(jobs)
  return new Map(
    algs.map((alg, i) => {
      assert.equal(results[i]?.error, undefined, alg)
      return [alg, results[i]?.value ?? '']
    }),
  )
}

function encryptionJwk(keys: readonly JsonObject[], alg: JweAlg, enc: JweEnc): JsonObject {
  const { kty } = jweAlgorithms[alg]
  if (kty !== 'oct') return keys.find((key) => key.use === 'enc' && key.kty === kty) ?? {}
  const derived = secretEncryptionKey(longSecret, alg, enc)
  assert.ok(derived.ok)
  return { kty: 'oct', k: derived.key.key.export().toString('base64url') }
}

test(
  'RFC 9126 §3 objects signed by python3-jwcrypto, by every algorithm',
  needsJwcrypto(),
  async () => {
    const w = await world()
    for (const [alg, token] of await signedBy(w)) {
      const push = isShared(alg) ? pushSymmetric : pushObject
      const request = await storedOf(w, await push(w, `client ${alg}`, token))
      assert.equal(request.state, 'grüß', alg)
    }
  },
)

test('RFC 9101 §4 and encrypted by it, by every pair of algorithms', needsJwcrypto(), async () => {
  const w = await world()
  const signed = await signedBy(w)
  const { keys } = bodyOf(await w.serve(requestOf('GET', `${base}/connect/jwk_uri`)))
  const pairs = everyJweAlg.flatMap((alg) => everyJweEnc.map((enc) => ({ alg, enc })))
  const wrapped = pairs.map(({ alg, enc }, i) => {
    const secret = jweAlgorithms[alg].kty === 'oct'
    // What the client's secret encrypts comes from a client whose secret is kept.
    const fits = algs.filter((each) => !secret || isShared(each))
    const by = fits[i % fits.length] as JwsAlg
    const key = encryptionJwk(keys as readonly JsonObject[], alg, enc)
    const kid = typeof key.kid === 'string' ? { kid: key.kid } : {}
    const header = { alg, enc, cty: 'JWT', ...kid }
    return { by, job: { action: 'encrypt' as const, key, header, text: signed.get(by) as string } }
  })
  const results = jwcrypto(wrapped.map(({ job }) => job))
  for (const [i, { by, job }] of wrapped.entries()) {
    const what = `${by}, ${job.header.alg} ${job.header.enc}`
    assert.equal(results[i]?.error, undefined, what)
    const push = isShared(by) ? pushSymmetric : pushObject
    const request = await storedOf(w, await push(w, `client ${by}`, results[i]?.value ?? ''))
    assert.equal(request.state, 'grüß', what)
  }
})
