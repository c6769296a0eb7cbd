import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { altered } from '../../../test/altered.ts'
import { signer } from '../../../test/assertion.ts'
import { cpuTime } from '../../../test/cpu.ts'
import type { Claims } from '../../../test/request-object.ts'
import {
  objectClaims,
  pushObject,
  refusedEverywhere,
  registerSigner,
  sealed,
  signed,
} from '../../../test/request-object.ts'
import { encode, seal } from '../../../test/token.ts'
import { world } from '../../../test/world.ts'

const w = await world()
const es256 = await signer('ES256')
const mallory = await signer('ES256')
await registerSigner(w, 'signs', [es256])
await registerSigner(w, 'mallory', [mallory])

const claims = (changes: Claims = {}): Claims => objectClaims(w, 'signs', changes)
const good = signed(es256, claims())
const [head = '', body = ''] = good.split('.')

const refused = (token: string, what?: string): Promise<void> =>
  refusedEverywhere(w, 'signs', token, what)

test('J-5 every crit, and b64', async () => {
  for (const crit of [[], ['exp'], ['alg'], ['b64'], ['x'], 'exp', null]) {
    await refused(signed(es256, claims(), { crit, x: 1, b64: true }))
    await refused(
      await sealed(w, good, 'RSA-OAEP', 'A256GCM', { cty: 'JWT', 'urn:x': 1 }).then((token) => {
        const [protectedHeader = '', ...rest] = token.split('.')
        const header = JSON.parse(Buffer.from(protectedHeader, 'base64url').toString()) as object
        return [encode({ ...header, crit }), ...rest].join('.')
      }),
    )
  }
  await refused(signed(es256, claims(), { b64: false }))
})

test('J-6 zip is refused, at no cost', async () => {
  const bomb = deflateRawSync(Buffer.alloc(30_000_000)).toString('base64url')
  for (const alg of ['dir', 'RSA-OAEP', 'ECDH-ES']) {
    const header = encode({ alg, enc: 'A128GCM', zip: 'DEF' })
    const iv = randomBytes(12).toString('base64url')
    const tag = randomBytes(16).toString('base64url')
    const token = `${header}..${iv}.${bomb}.${tag}`
    assert.ok(token.length < 65_536)
    await refused(token)
    assert.ok((await cpuTime(() => pushObject(w, 'signs', token))) < 50)
  }
})

test('J-7 PBES2, RSA1_5 and AES-GCM key wrapping are not there', async () => {
  const rest = [32, 12, 64, 16].map((n) => randomBytes(n).toString('base64url')).join('.')
  for (const header of [
    { alg: 'PBES2-HS256+A128KW', p2c: 2 ** 31, p2s: 'AAAAAAAAAAA' },
    { alg: 'PBES2-HS512+A256KW', p2c: 1, p2s: '' },
    { alg: 'RSA1_5' },
    { alg: 'A128GCMKW' },
    { alg: 'none' },
  ]) {
    const token = `${encode({ enc: 'A128GCM', ...header })}.${rest}`
    await refused(token)
    assert.ok((await cpuTime(() => pushObject(w, 'signs', token))) < 50)
  }
})

test('J-8 signatures and points out of range', async () => {
  const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'
  const zero = '0'.repeat(64)
  const one = `${'0'.repeat(63)}1`
  for (const rs of [zero + zero, zero + one, one + zero, order + order, order + one, one, '']) {
    await refused(`${head}.${body}.${Buffer.from(rs, 'hex').toString('base64url')}`)
  }
  const rest = [0, 12, 64, 16].map((n) => randomBytes(n).toString('base64url')).join('.')
  const bytes = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')
  for (const epk of [
    { kty: 'EC', crv: 'P-256', x: bytes(zero), y: bytes(zero) },
    { kty: 'EC', crv: 'P-256', x: bytes(one), y: bytes(one) },
    { kty: 'EC', crv: 'P-384', x: bytes(one), y: bytes(one) },
    { kty: 'OKP', crv: 'X25519', x: bytes(zero) },
    {},
    null,
    [],
  ]) {
    await refused(`${encode({ alg: 'ECDH-ES', enc: 'A128GCM', epk })}.${rest}`)
  }
})

test('J-12, JAR-11 what cannot be decrypted is answered in one way', async () => {
  const answers = new Set<string>()
  for (const [alg, enc] of [
    ['RSA-OAEP', 'A128CBC-HS256'],
    ['ECDH-ES+A128KW', 'A256GCM'],
    ['RSA-OAEP-256', 'A256GCM'],
  ] as const) {
    const [protectedHeader = '', key = '', iv = '', text = '', tag = ''] = (
      await sealed(w, good, alg, enc)
    ).split('.')
    for (const token of [
      [protectedHeader, altered(key), iv, text, tag],
      [protectedHeader, key, altered(iv), text, tag],
      [protectedHeader, key, iv, altered(text), tag],
      [protectedHeader, key, iv, text, altered(tag)],
    ]) {
      await refused(token.join('.'))
      answers.add(String((await pushObject(w, 'signs', token.join('.'))).body))
    }
  }
  answers.add(
    String((await pushObject(w, 'signs', await sealed(w, '{}', 'RSA-OAEP', 'A256GCM'))).body),
  )
  assert.equal(answers.size, 1)
})

test('P-9, JAR-8 what is encrypted is not thereby signed; nothing is wrapped twice', async () => {
  const none = `${encode({ alg: 'none' })}.${encode(claims())}.`
  const once = await sealed(w, good, 'RSA-OAEP-256', 'A256GCM')
  for (const inner of [
    JSON.stringify(claims()),
    encode(claims()),
    none,
    none.slice(0, -1),
    once,
    '',
    'a.b.c',
  ]) {
    for (const cty of ['JWT', undefined, 'JSON']) {
      await refused(await sealed(w, inner, 'RSA-OAEP-256', 'A256GCM', { cty }), inner.slice(0, 40))
      await refused(await sealed(w, inner, 'ECDH-ES', 'A128CBC-HS256', { cty }), inner.slice(0, 40))
    }
  }
  await refused(seal(es256.key, `${encode({ alg: 'ES256', cty: 'JWT' })}.${encode(once)}`))
  await refused(await sealed(w, signed(mallory, claims()), 'ECDH-ES', 'A256GCM'))
})
