import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { cpuTime } from '../../../test/cpu.ts'
import {
  everyJweAlg,
  everyJweEnc,
  everything,
  makePair,
  makeShared,
  sharedSecret,
  wrap,
} from '../../../test/jwe.ts'
import { trials } from '../../../test/scale.ts'
import { encode } from '../../../test/token.ts'
import { jweAlgorithms } from '../algorithm.ts'
import { agreedKey } from './agreement.ts'
import { decryptJwe } from './decrypt.ts'
import { encryptJwe } from './encrypt.ts'
import { parseJwe } from './encrypted.ts'
import type { DecryptingKey } from './encryption-key.ts'

const [rsa, ec, ec384] = await Promise.all([makePair('RSA'), makePair('P-256'), makePair('P-384')])
const wrapping = makeShared('A128KW', 'A128GCM')
const direct = makeShared('dir', 'A128CBC-HS256')
const mine = [rsa, ec, ec384, wrapping, direct]

async function reasonOf(token: string, keys: readonly DecryptingKey[] = mine): Promise<string> {
  const verdict = await decryptJwe(token, keys, everything)
  return verdict.ok ? 'opened' : verdict.reason
}

/** A well-formed token of that header which nothing opens. */
function shaped(header: unknown, encryptedKey = ''): string {
  const [iv, ciphertext, tag] = [12, 32, 16].map((n) => Buffer.alloc(n, 7).toString('base64url'))
  return [encode(header), encryptedKey, iv, ciphertext, tag].join('.')
}

/** Milliseconds of processor time that a refusal takes. */
function timeOf(token: string, reason: string): Promise<number> {
  return cpuTime(async () => assert.equal(await reasonOf(token), reason), 10)
}

test('J-5 every crit is refused, and headers that are no object or doubled', async () => {
  for (const crit of [[], ['exp'], ['alg'], ['zip'], 'exp', null]) {
    const token = shaped({ alg: 'dir', enc: 'A128GCM', crit })
    assert.equal(await reasonOf(token), 'the JWE header has crit or zip')
  }
  const malformed = ['[]', '"a"', 'null', '7', '{"alg":"dir"', '{"alg":"dir"} x', '']
  const doubled = '{"alg":"dir","enc":"A128GCM","alg":"dir"}'
  const typed = ['{"alg":["dir"],"enc":"A128GCM"}', '{"alg":"dir","enc":7}', '{"alg":"dir"}', '{}']
  for (const header of [...malformed, ...typed, doubled]) {
    assert.equal(await reasonOf(shaped(header)), 'the JWE header is malformed', header)
  }
})

test('J-6 zip is refused before anything is inflated', async () => {
  // 45 MB of zeros, as the content of a token that is rightly encrypted
  const bomb = deflateRawSync(Buffer.alloc(45_000_000))
  const iv = Buffer.alloc(12, 1)
  const key = makeShared('dir', 'A128GCM')
  for (const zip of ['DEF', 'def', '', null, 'GZIP']) {
    const head = encode({ alg: 'dir', enc: 'A128GCM', zip })
    const cipher = createCipheriv('aes-128-gcm', key.key, iv)
    cipher.setAAD(Buffer.from(head))
    const ciphertext = Buffer.concat([cipher.update(bomb), cipher.final()]).toString('base64url')
    const tag = cipher.getAuthTag().toString('base64url')
    const token = [head, '', iv.toString('base64url'), ciphertext, tag].join('.')
    assert.ok(token.length > 50_000 && token.length < 65_536, String(token.length))
    assert.ok((await timeOf(token, 'the JWE header has crit or zip')) < 5)
  }
})

test('J-7 J-12 PBES2, RSA1_5, AES-GCM key wrap and unknown names are refused before any work', async () => {
  const pbes2 = ['PBES2-HS256+A128KW', 'PBES2-HS384+A192KW', 'PBES2-HS512+A256KW']
  const others = ['RSA1_5', 'A128GCMKW', 'A192GCMKW', 'A256GCMKW', 'RSA-OAEP-512', 'none', 'HS256']
  const odd = ['DIR', 'dir ', '', 'constructor', '__proto__', 'toString', 'HPKE-0', 'ECDH-1PU']
  for (const alg of [...pbes2, ...others, ...odd]) {
    const token = shaped({ alg, enc: 'A128GCM', p2c: 2 ** 31, p2s: 'AAAAAAAAAAA' }, 'AAAA')
    assert.ok((await timeOf(token, 'the JWE alg is not allowed')) < 5, alg)
  }
  for (const enc of ['A128CBC', 'a128gcm', '', 'constructor', 'C20P', 'A128CBC+HS256']) {
    assert.equal(await reasonOf(shaped({ alg: 'dir', enc })), 'the JWE enc is not allowed', enc)
  }
})

test('J-8 an epk off its curve, of another one or with a private half is no key', async () => {
  const good = await wrap('x', ec.encrypting, { alg: 'ECDH-ES', enc: 'A128GCM' })
  const parsed = parseJwe(good)
  assert.ok(parsed.ok)
  const epk = parsed.header.epk as Record<string, string>
  const other = ec384.encrypting.key.export({ format: 'jwk' })
  const zero = Buffer.alloc(32).toString('base64url')
  const swapped = { ...epk, x: epk.y, y: epk.x }
  const points: unknown[] = [
    { ...epk, y: epk.x },
    { ...epk, x: zero, y: zero },
    { ...epk, x: Buffer.alloc(32, 0xff).toString('base64url') },
    { ...epk, x: `${epk.x}AA` },
    { ...epk, crv: 'P-384' },
    { ...epk, crv: 'secp256k1' },
    { ...epk, kty: 'OKP', crv: 'X25519' },
    { ...epk, d: epk.x },
    { kty: 'EC', crv: 'P-256', x: epk.x },
    { kty: 'oct', k: zero },
    ...[swapped, other, null, 'x', 7, [], [epk], {}, undefined],
  ]
  for (const wrong of points) {
    for (const [alg, encryptedKey] of [['ECDH-ES'], ['ECDH-ES+A128KW', 'A'.repeat(32)]] as const) {
      const token = shaped({ alg, enc: 'A128GCM', epk: wrong }, encryptedKey)
      assert.equal(await reasonOf(token), 'the token cannot be decrypted', JSON.stringify(wrong))
      const jwe = parseJwe(token)
      assert.ok(jwe.ok)
      assert.equal(await agreedKey(jwe, ec), undefined, JSON.stringify(wrong))
    }
  }
  const parsedGood = parseJwe(shaped({ alg: 'ECDH-ES', enc: 'A128GCM', epk }))
  assert.ok(parsedGood.ok)
  assert.notEqual(await agreedKey(parsedGood, ec), undefined)
  assert.equal(await agreedKey(parsedGood, ec384), undefined)
  for (const apu of [7, null, 'a', 'QWxpY2U=', ['QQ']]) {
    const token = shaped({ alg: 'ECDH-ES', enc: 'A128GCM', epk, apu })
    assert.equal(await reasonOf(token), 'the token cannot be decrypted')
  }
})

test('J-10 a kid is compared, never followed', async () => {
  const kids = ['../../etc/passwd', '/dev/null', "' OR 1=1 --", 'https://a.example/', 'a\0b', '']
  for (const kid of kids) {
    const token = shaped({ alg: 'ECDH-ES', enc: 'A128GCM', kid })
    assert.equal(await reasonOf(token), 'the JWE kid is unknown', kid)
  }
  const long = shaped({ alg: 'ECDH-ES', enc: 'A128GCM', kid: 'k'.repeat(20_000) })
  assert.equal(await reasonOf(long), 'the JWE header is malformed')
})

test('J-11 base64url is read strictly, parts are five, lengths are right', async () => {
  const good = await wrap('x', wrapping.encrypting, { alg: 'A128KW', enc: 'A128GCM' })
  assert.equal(await reasonOf(good), 'opened')
  const parts = good.split('.') as [string, string, string, string, string]
  const [head, encryptedKey, iv, ciphertext, tag] = parts
  const shape = 'the token is no compact JWE'
  const wrong: string[] = [
    ...[`${good}.`, `.${good}`, `${good}.e30`, parts.slice(0, 4).join('.'), '....', '', '.'],
    ...parts.flatMap((_, i) => [
      parts.toSpliced(i, 1, `${parts[i]}=`).join('.'),
      parts.toSpliced(i, 1, ` ${parts[i]}`).join('.'),
      parts.toSpliced(i, 1, `${parts[i]}\n`).join('.'),
      parts.toSpliced(i, 1, `${parts[i]}+/`).join('.'),
    ]),
    [head, '', iv, ciphertext, tag].join('.'),
    [head, `${encryptedKey}AAAA`, iv, ciphertext, tag].join('.'),
    [head, encryptedKey, iv.slice(4), ciphertext, tag].join('.'),
    [head, encryptedKey, iv, ciphertext, tag.slice(0, 16)].join('.'),
    [head, encryptedKey, iv, ciphertext, ''].join('.'),
  ]
  for (const token of wrong) {
    const reason = await reasonOf(token)
    assert.ok(reason === shape || reason === 'the JWE header is malformed', `${reason}: ${token}`)
  }
  assert.equal(await reasonOf(`${good}${'A'.repeat(65_536)}`), 'the token is too long')
  const deep = `{"alg":"dir","enc":"A128GCM","a":${'['.repeat(5000)}${']'.repeat(5000)}}`
  assert.equal(await reasonOf(shaped(deep)), 'the JWE header is malformed')
  const bom = `\ufeff${JSON.stringify({ alg: 'dir', enc: 'A128GCM' })}`
  assert.equal(await reasonOf(shaped(bom)), 'the JWE header is malformed')
  const latin = Buffer.from('{"alg":"dir","enc":"A128GCM","a":"\xff"}', 'latin1')
  const rest = shaped({}).split('.').slice(1).join('.')
  assert.equal(
    await reasonOf(`${latin.toString('base64url')}.${rest}`),
    'the JWE header is malformed',
  )
})

test('RFC 7516 §11.5 whatever part is wrong, the refusal is the same', async () => {
  for (const alg of everyJweAlg) {
    for (const enc of everyJweEnc) {
      const { kty } = jweAlgorithms[alg]
      const key = kty === 'oct' ? makeShared(alg, enc) : kty === 'RSA' ? rsa : ec
      const token = await encryptJwe('x'.repeat(40), key.encrypting, alg, enc)
      const parts = token.split('.')
      for (const [i, part] of parts.entries()) {
        const bytes = Buffer.from(part, 'base64url')
        if (i === 0 || bytes.length === 0) continue
        for (const at of [0, bytes.length - 1]) {
          const changed = Buffer.from(bytes)
          changed[at] = (changed[at] as number) ^ 1
          const forged = parts.toSpliced(i, 1, changed.toString('base64url')).join('.')
          const where = `${alg} ${enc} part ${i}`
          assert.equal(await reasonOf(forged, [key]), 'the token cannot be decrypted', where)
        }
      }
      const header = {
        ...JSON.parse(Buffer.from(parts[0] as string, 'base64url').toString()),
        x: 1,
      }
      const forged = parts.toSpliced(0, 1, encode(header)).join('.')
      assert.equal(await reasonOf(forged, [key]), 'the token cannot be decrypted', alg)
    }
  }
})

test('RFC 7518 §5.2.2.2 CBC content under a wrong tag is refused though its padding is right', async () => {
  const key = direct.key.export()
  const head = encode({ alg: 'dir', enc: 'A128CBC-HS256' })
  const iv = Buffer.alloc(16)
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), iv)
  const ciphertext = Buffer.concat([cipher.update(sharedSecret), cipher.final()])
  const parts = [iv, ciphertext, Buffer.alloc(16)].map((part) => part.toString('base64url'))
  assert.equal(await reasonOf([head, '', ...parts].join('.')), 'the token cannot be decrypted')
})

const samples = await Promise.all([
  wrap('{"sub":"a"}', ec.encrypting, { alg: 'ECDH-ES', enc: 'A256GCM', kid: ec.kid }),
  wrap('{"sub":"a"}', ec.encrypting, { alg: 'ECDH-ES+A256KW', enc: 'A128CBC-HS256', cty: 'JWT' }),
  wrap('{"sub":"a"}', wrapping.encrypting, { alg: 'A128KW', enc: 'A192CBC-HS384' }),
  wrap('{"sub":"a"}', direct.encrypting, { alg: 'dir', enc: 'A128CBC-HS256' }),
])

const edit = fc.record({
  at: fc.nat(),
  drop: fc.nat({ max: 3 }),
  put: fc.string({ unit: fc.constantFrom(...'Aa9-_.=+/ {"é'), maxLength: 4 }),
})

test('J-11 no token that was changed anywhere is opened', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      async (token, edits) => {
        const changed = edits.reduce((text, { at, drop, put }) => {
          const i = at % (text.length + 1)
          return text.slice(0, i) + put + text.slice(i + drop)
        }, token)
        fc.pre(changed !== token)
        assert.notEqual(await reasonOf(changed), 'opened')
      },
    ),
    { numRuns: trials(100_000) },
  )
})

test('J-11 no RSA token that was changed anywhere is opened', async () => {
  const token = await wrap('x', rsa.encrypting, { alg: 'RSA-OAEP-256', enc: 'A256GCM' })
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: token.length - 1 }), fc.nat({ max: 62 }), async (at, step) => {
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      const old = alphabet.indexOf(token[at] as string)
      fc.pre(old >= 0)
      const put = alphabet[(old + 1 + step) % 64]
      assert.notEqual(await reasonOf(token.slice(0, at) + put + token.slice(at + 1)), 'opened')
    }),
    { numRuns: trials(10_000) },
  )
})

test('J-11 header members in any combination never throw, and open nothing', async () => {
  const value = fc.oneof(
    fc.constantFrom(...everyJweAlg, ...everyJweEnc, 'none', 'RSA1_5', 'DEF', '', ec.kid),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const name = fc.constantFrom(
    'alg',
    'enc',
    'kid',
    'epk',
    'apu',
    'apv',
    'zip',
    'crit',
    'p2c',
    'cty',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(name, value),
      fc.constantFrom(...everyJweAlg),
      fc.constantFrom(...everyJweEnc),
      fc.constantFrom('', 'A'.repeat(32), 'A'.repeat(342)),
      async (members, alg, enc, encryptedKey) => {
        assert.notEqual(await reasonOf(shaped({ alg, enc, ...members }, encryptedKey)), 'opened')
      },
    ),
    { numRuns: trials(20_000) },
  )
})
