import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../src/base/json.ts'
import type { JweAlg, JweEnc, JwsAlg } from '../src/jose/algorithm.ts'
import { jweAlgorithms, jwsAlgorithms } from '../src/jose/algorithm.ts'
import { decryptJwe } from '../src/jose/encryption/decrypt.ts'
import { encryptJwe } from '../src/jose/encryption/encrypt.ts'
import type { DecryptingKey } from '../src/jose/encryption/encryption-key.ts'
import { importDecryptingKey } from '../src/jose/encryption/encryption-key.ts'
import type { EncryptionKind, PairAlg } from '../src/jose/generate.ts'
import { generateEncryptionKey, generateSigningKey } from '../src/jose/generate.ts'
import type { SigningKey } from '../src/jose/jwk.ts'
import { importSigningKey, publicJwk, secretKey } from '../src/jose/jwk.ts'
import { signJwt } from '../src/jose/sign.ts'
import { verifyJws } from '../src/jose/verify.ts'
import type { Job, JobResult } from './jwcrypto.ts'
import { jwcrypto, needsJwcrypto } from './jwcrypto.ts'
import { everyJweAlg, everyJweEnc, makeShared } from './jwe.ts'

const text = JSON.stringify({
  iss: 'client',
  scope: 'openid grüß',
  nested: { list: [1, 2.5, null] },
})

/** One exchange each way: what we made for them to read, and what they are to make for us. */
interface Exchange {
  readonly name: string
  readonly read: Job
  readonly make: Job
  readonly accept: (token: string) => Promise<string>
}

interface Pair {
  readonly jwk: JsonObject
  readonly key: DecryptingKey
}

async function pairOf(kind: EncryptionKind): Promise<Pair> {
  const { privateJwk } = await generateEncryptionKey(kind)
  const imported = importDecryptingKey(privateJwk)
  assert.ok(imported.ok)
  return { jwk: privateJwk, key: imported.key }
}

async function encrypted(): Promise<readonly Exchange[]> {
  const rsa = [await pairOf('RSA')]
  const ec = await Promise.all((['P-256', 'P-384', 'P-521'] as const).map(pairOf))
  const shared = (alg: JweAlg, enc: JweEnc): readonly Pair[] => {
    const key = makeShared(alg, enc)
    return [{ jwk: { kty: 'oct', k: key.key.export().toString('base64url') }, key }]
  }
  const exchanges: Exchange[] = []
  for (const alg of everyJweAlg) {
    for (const enc of everyJweEnc) {
      const { kty } = jweAlgorithms[alg]
      for (const { jwk, key } of kty === 'RSA' ? rsa : kty === 'EC' ? ec : shared(alg, enc)) {
        const token = await encryptJwe(text, key.encrypting, alg, enc, { cty: 'JWT' })
        const header = { alg, enc, cty: 'JWT', ...(key.kid && { kid: key.kid }) }
        exchanges.push({
          name: `${alg} ${enc} ${key.crv ?? ''}`.trim(),
          read: { action: 'decrypt', key: jwk, header, token },
          make: { action: 'encrypt', key: kty === 'oct' ? jwk : publicJwk(jwk), header, text },
          accept: async (theirs) => {
            const verdict = await decryptJwe(theirs, [key], { alg: [alg], enc: [enc] })
            return verdict.ok ? verdict.plaintext.toString() : verdict.reason
          },
        })
      }
    }
  }
  return exchanges
}

/** What signs by `alg`, and its JWK for the other side. */
async function signerOf(
  alg: JwsAlg,
): Promise<{ readonly jwk: JsonObject; readonly key: SigningKey }> {
  const shared = jwsAlgorithms[alg].kty === 'oct'
  const secret = Buffer.from('a secret of more than sixty-four bytes, for the longest of the HMACs')
  const jwk = shared
    ? { kty: 'oct', k: secret.toString('base64url') }
    : (await generateSigningKey(alg as PairAlg)).privateJwk
  const imported = shared ? secretKey(secret, alg) : importSigningKey(jwk)
  assert.ok(imported.ok)
  return { jwk, key: imported.key }
}

async function signed(): Promise<readonly Exchange[]> {
  // RFC 9864's name is newer than Debian's jwcrypto, and the same algorithm as EdDSA.
  const algs = (Object.keys(jwsAlgorithms) as JwsAlg[]).filter((alg) => alg !== 'Ed25519')
  return Promise.all(
    algs.map(async (alg) => {
      const { jwk, key } = await signerOf(alg)
      const token = await signJwt(key, { typ: 'JWT' }, JSON.parse(text))
      const header = { alg, typ: 'JWT', ...(key.kid && { kid: key.kid }) }
      const shown = jwk.kty === 'oct' ? jwk : publicJwk(jwk)
      return {
        name: alg,
        read: { action: 'verify' as const, key: shown, header, token },
        make: { action: 'sign' as const, key: jwk, header, text },
        accept: async (theirs: string) => {
          const verdict = await verifyJws(theirs, [key.verifying], [alg])
          return verdict.ok ? JSON.stringify(verdict.claims) : verdict.reason
        },
      }
    }),
  )
}

for (const [rfc, exchangesOf] of [
  ['RFC 7516', encrypted],
  ['RFC 7515', signed],
] as const) {
  const name = `${rfc} python3-jwcrypto and we read each other, for every algorithm pair`
  test(name, needsJwcrypto(), async () => {
    const exchanges = await exchangesOf()
    const results = jwcrypto(exchanges.flatMap(({ read, make }) => [read, make]))
    assert.equal(results.length, 2 * exchanges.length)
    for (const [i, { name, accept }] of exchanges.entries()) {
      assert.deepEqual(results[2 * i], { value: text }, `${name} from us`)
      const { value = '', error } = results[2 * i + 1] as JobResult
      assert.equal(error, undefined, `${name} from them`)
      assert.equal(await accept(value), text, `${name} to us`)
    }
  })
}
