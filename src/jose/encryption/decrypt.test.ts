import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compactDecrypt } from 'jose'
import {
  everyJweAlg,
  everyJweEnc,
  everything,
  makePair,
  makeShared,
  wrap,
} from '../../../test/jwe.ts'
import type { JsonObject } from '../../base/json.ts'
import type { JweAlg, JweEnc } from '../algorithm.ts'
import { jweAlgorithms } from '../algorithm.ts'
import { agreedKey } from './agreement.ts'
import { decryptJwe } from './decrypt.ts'
import { encryptJwe } from './encrypt.ts'
import type { UnopenedJwe } from './encrypted.ts'
import type { DecryptingKey } from './encryption-key.ts'
import { importDecryptingKey, sharedKey } from './encryption-key.ts'

interface Vector {
  readonly name: string
  readonly key: JsonObject
  readonly token: string
  readonly plaintext: string
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../test/vectors/jwe.json', import.meta.url), 'utf8'),
) as readonly Vector[]

const pairs = {
  RSA: [await makePair('RSA')],
  EC: await Promise.all((['P-256', 'P-384', 'P-521'] as const).map(makePair)),
}

/** Keys that serve a pair of algorithms: for agreement one on each curve. */
function keysOf(alg: JweAlg, enc: JweEnc): readonly DecryptingKey[] {
  const { kty } = jweAlgorithms[alg]
  return kty === 'oct' ? [makeShared(alg, enc)] : pairs[kty]
}

async function read(token: string, keys: readonly DecryptingKey[]): Promise<string> {
  const verdict = await decryptJwe(token, keys, everything)
  return verdict.ok ? verdict.plaintext.toString() : verdict.reason
}

/** Refused by what they ask for, with the very key that would open them. */
const refused: Readonly<Record<string, string>> = {
  'RFC 7516 A.2': 'the JWE alg is not allowed',
  'RFC 7520 §5.1': 'the JWE alg is not allowed',
  'RFC 7520 §5.3': 'the JWE alg is not allowed',
  'RFC 7520 §5.7': 'the JWE alg is not allowed',
  'RFC 7520 §5.9': 'the JWE header has crit or zip',
}

for (const { name, key, token, plaintext } of vectors) {
  const reason = refused[name.split(' ', 3).join(' ')]
  test(`${name}${reason === undefined ? '' : `: ${reason}`}`, async () => {
    const { kid } = key as { readonly kid?: string }
    const imported =
      key.kty === 'oct'
        ? sharedKey(Buffer.from(key.k as string, 'base64url'), kid)
        : importDecryptingKey({ ...key, ...(key.alg === 'RSA1_5' ? { alg: 'RSA-OAEP' } : {}) })
    if (reason !== undefined) {
      assert.equal(await read(token, imported.ok ? [imported.key] : []), reason)
      return
    }
    assert.ok(imported.ok)
    assert.equal(await read(token, [imported.key]), plaintext)
  })
}

test('RFC 7518 appendix C both sides agree on the same key', async () => {
  const alice = {
    kty: 'EC',
    crv: 'P-256',
    x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
    y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
  }
  const bob = importDecryptingKey({
    kty: 'EC',
    crv: 'P-256',
    x: 'weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ',
    y: 'e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck',
    d: 'VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw',
  })
  assert.ok(bob.ok)
  const header = { alg: 'ECDH-ES', enc: 'A128GCM', apu: 'QWxpY2U', apv: 'Qm9i', epk: alice }
  const jwe = { ok: true, header, alg: 'ECDH-ES', enc: 'A128GCM' } as unknown as UnopenedJwe
  const agreed = await agreedKey(jwe, bob.key)
  assert.equal(agreed?.toString('base64url'), 'VqqN6vgjbSBcIijNcacQGg')
})

for (const alg of everyJweAlg) {
  test(`RFC 7518 §4, §5 ${alg} with every enc: the library and we read each other`, async () => {
    for (const enc of everyJweEnc) {
      for (const key of keysOf(alg, enc)) {
        for (const text of ['', 'a', 'a text of 32 bytes, two blocks..', 'ü'.repeat(5000)]) {
          const theirs = await wrap(text, key.encrypting, { alg, enc })
          assert.equal(await read(theirs, [key]), text, `${enc} ${key.crv} to us`)
          const ours = await encryptJwe(text, key.encrypting, alg, enc, { cty: 'JWT' })
          const back = await compactDecrypt(ours, key.key)
          assert.equal(Buffer.from(back.plaintext).toString(), text, `${enc} ${key.crv} from us`)
          const kid = key.kid === undefined ? {} : { kid: key.kid }
          const { epk: _, ...header } = back.protectedHeader
          assert.deepEqual(header, { cty: 'JWT', ...kid, alg, enc })
        }
      }
    }
  })
}

test('RFC 7518 §4.6.1 party information goes into the key', async () => {
  const [key] = pairs.EC as [DecryptingKey]
  const header = { alg: 'ECDH-ES', enc: 'A128CBC-HS256', apu: 'QWxpY2U', apv: 'Qm9i' }
  assert.equal(await read(await wrap('x', key.encrypting, header), [key]), 'x')
  const other = { ...header, apv: 'QWxpY2Ux' }
  assert.equal(await read(await wrap('x', key.encrypting, other), [key]), 'x')
})

test('RFC 7516 §4.1.6 kid picks the key; without one those that fit are tried, eight at most', async () => {
  const many = await Promise.all(Array.from({ length: 10 }, () => makePair('P-256')))
  const head = { alg: 'ECDH-ES', enc: 'A256GCM' }
  const token = (key: DecryptingKey, kid?: unknown): Promise<string> =>
    wrap('x', key.encrypting, kid === undefined ? head : { ...head, kid })
  const [first, , third] = many as [DecryptingKey, DecryptingKey, DecryptingKey]
  const last = many[9] as DecryptingKey
  assert.equal(await read(await token(last, last.kid), many), 'x')
  assert.equal(await read(await token(third), many), 'x')
  assert.equal(await read(await token(many[7] as DecryptingKey), many), 'x')
  assert.equal(await read(await token(last), many), 'the token cannot be decrypted')
  assert.equal(await read(await token(first, third.kid), many), 'the token cannot be decrypted')
  assert.equal(await read(await token(first, 'other'), many), 'the JWE kid is unknown')
  assert.equal(await read(await token(first, 7), many), 'the JWE header is malformed')
  assert.equal(await read(await token(first), []), 'no key fits the JWE alg')
  assert.equal(await read(await token(first), pairs.RSA), 'no key fits the JWE alg')
})

test('RFC 7516 §4.1.6 a kid says nothing about a shared secret', async () => {
  const key = makeShared('A128KW', 'A128GCM')
  const token = await wrap('x', key.encrypting, { alg: 'A128KW', enc: 'A128GCM', kid: 'theirs' })
  assert.equal(await read(token, [key]), 'x')
})

test('RFC 8725 §3.1 alg and enc must both be in the caller’s list, and the key’s own', async () => {
  const [rsa] = pairs.RSA as [DecryptingKey]
  const token = await wrap('x', rsa.encrypting, { alg: 'RSA-OAEP', enc: 'A128GCM' })
  const reason = async (alg: JweAlg[], enc: JweEnc[], keys = pairs.RSA): Promise<string> => {
    const verdict = await decryptJwe(token, keys, { alg, enc })
    return verdict.ok ? 'opened' : verdict.reason
  }
  assert.equal(await reason(['RSA-OAEP'], ['A128GCM']), 'opened')
  assert.equal(await reason(['RSA-OAEP-256'], ['A128GCM']), 'the JWE alg is not allowed')
  assert.equal(await reason(['RSA-OAEP'], ['A256GCM']), 'the JWE enc is not allowed')
  assert.equal(await reason([], []), 'the JWE alg is not allowed')
  const jwk = rsa.key.export({ format: 'jwk' }) as JsonObject
  const bound = importDecryptingKey({ ...jwk, use: 'enc', alg: 'RSA-OAEP-256' })
  assert.ok(bound.ok)
  assert.equal(await reason(['RSA-OAEP'], ['A128GCM'], [bound.key]), 'no key fits the JWE alg')
})

test('house: to encrypt with a key that does not serve the alg is a bug', async () => {
  const [key] = pairs.EC as [DecryptingKey]
  await assert.rejects(() => encryptJwe('x', key.encrypting, 'RSA-OAEP', 'A128GCM'), TypeError)
  const dir = makeShared('dir', 'A128GCM')
  await assert.rejects(() => encryptJwe('x', dir.encrypting, 'dir', 'A256GCM'), TypeError)
})
