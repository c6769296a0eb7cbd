import assert from 'node:assert/strict'
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  X509Certificate,
} from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { selfSigned } from '../../../test/certificate.ts'
import { authority, cn, ecdsaWithSha256, extension, issue, p256 } from '../../../test/pki.ts'
import { trials } from '../../../test/scale.ts'
import type { JsonObject } from '../../base/json.ts'
import { generateSigningKey } from '../generate.ts'
import { publicJwk, thumbprint } from '../jwk.ts'
import { hasKey, readCertificate, readCertificates } from './certificate.ts'

const made = issue({ subject: cn('client'), names: [[0x82, Buffer.from('client.example')]] })
const wanted = hash('sha256', made.der, 'base64url')

function read(given: string | Uint8Array): string {
  const certificate = readCertificate(given)
  return certificate.ok ? certificate.thumbprint : certificate.reason
}

const base64 = made.der.toString('base64')

test('RFC 8705 §3.1 x5t#S256 is the hash of the DER, whatever form it came in', () => {
  const everyByte = [...made.der].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const forms: Readonly<Record<string, string | Uint8Array>> = {
    DER: made.der,
    PEM: made.pem,
    'PEM as bytes': Buffer.from(made.pem),
    'PEM with CRLF': made.pem.replaceAll('\n', '\r\n'),
    'PEM in one header line': made.pem.trim().replaceAll('\n', ' '),
    'PEM folded with tabs': made.pem.trim().replaceAll('\n', '\n\t'),
    'PEM percent-encoded': encodeURIComponent(made.pem),
    'PEM form-encoded': new URLSearchParams([['', made.pem]]).toString().slice(1),
    'PEM encoded but for +, / and =': encodeURI(made.pem).replaceAll('%20', ' '),
    base64,
    'base64 percent-encoded': encodeURIComponent(base64),
    'RFC 9440': `:${base64}:`,
    'DER percent-encoded': everyByte,
    'DER percent-encoded, upper case': everyByte.toUpperCase(),
  }
  for (const [name, form] of Object.entries(forms)) assert.equal(read(form), wanted, name)
})

test('RFC 8705 §3 what is not exactly one certificate is refused', () => {
  const malformed = 'the certificate is malformed'
  const other = issue({}).pem
  const csr = made.pem.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST')
  const key = made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const spki = made.publicKey.export({ type: 'spki', format: 'der' })
  const wrong: readonly (string | Uint8Array)[] = [
    ...[
      '',
      ' ',
      '%',
      '%zz',
      '%3',
      'undefined',
      '(null)',
      '-',
      ':',
      '::',
      `:${base64}`,
      `${base64}:`,
    ],
    ...[made.pem + other, `x${made.pem}`, `${made.pem}x`, csr, key, `${base64}=`, `${base64}AAAA`],
    ...[
      base64.slice(0, -8),
      base64.replace('M', 'ſ'),
      `${base64}\u0100`,
      made.pem.replace('A', '*'),
    ],
    ...[
      made.der.subarray(0, -1),
      Buffer.concat([made.der, Buffer.from([0])]),
      spki,
      Buffer.alloc(0),
    ],
    Buffer.concat([made.der, made.der]),
    encodeURIComponent(encodeURIComponent(made.pem)),
  ]
  for (const form of wrong) assert.equal(read(form), malformed, String(form).slice(0, 60))
  assert.equal(read('A'.repeat(65_537)), 'the certificate is too long')
})

test('RFC 5280 §4.1 any change of a byte is another certificate or none', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: made.der.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      (at, by) => {
        const changed = Buffer.from(made.der)
        changed[at] = (changed[at] as number) ^ by
        assert.notEqual(read(changed), wanted)
      },
    ),
    { numRuns: trials(20_000) },
  )
})

test('RFC 8705 §3.1 bytes that OpenSSL would write otherwise are refused', () => {
  // The signature is a BIT STRING; OpenSSL takes one whose unused bits are set, and clears them.
  const der = Buffer.from(made.der)
  const bits =
    der.length - (der[der.indexOf(ecdsaWithSha256, 200) + ecdsaWithSha256.length + 1] ?? 0)
  assert.equal(der[bits], 0)
  der[bits] = 4
  der[der.length - 1] = 0xff
  assert.notEqual(new X509Certificate(der).raw.compare(der), 0)
  assert.equal(read(der), 'the certificate is malformed')
})

test('RFC 5280 §4.2 an extension that is there twice or malformed refuses the certificate', () => {
  const twice = extension('551d11', Buffer.from('3000', 'hex'))
  const cases: readonly (readonly Buffer[])[] = [
    [twice, twice],
    [extension('551d11', Buffer.from('3005', 'hex'))],
    [extension('551d11', Buffer.alloc(0))],
  ]
  for (const extra of cases) {
    assert.equal(read(issue({ extra }).der), 'the certificate is malformed')
  }
})

test('RFC 5280 §4.1.2.5 times are read to the second, beyond 2049 too', () => {
  const certificate = readCertificate(issue({ years: [2021, 2061] }).der)
  assert.ok(certificate.ok)
  assert.equal(certificate.notBefore, Date.UTC(2021, 0, 1) / 1000)
  assert.equal(certificate.notAfter, Date.UTC(2061, 11, 31, 23, 59, 59) / 1000)
})

test('RFC 8705 §2.2.2 a certificate’s key is the registered JWK or it is not', async () => {
  for (const alg of ['ES256', 'ES384', 'ES512', 'RS256', 'EdDSA'] as const) {
    const [mine, other] = await Promise.all([generateSigningKey(alg), generateSigningKey(alg)])
    const privateKey = createPrivateKey({ key: { ...mine.privateJwk }, format: 'jwk' })
    const issuer = authority('CA')
    const { der } = issue({ issuer, keys: { privateKey, publicKey: createPublicKey(privateKey) } })
    const certificate = readCertificate(der)
    assert.ok(certificate.ok)
    assert.equal(certificate.keyThumbprint, thumbprint(mine.privateJwk))
    assert.equal(hasKey(certificate, publicJwk(mine.privateJwk)), true, alg)
    assert.equal(hasKey(certificate, publicJwk(other.privateJwk)), false, alg)
  }
})

test('J-8 a weak key or one of another kind is nobody’s', () => {
  const issuer = authority('CA')
  for (const keys of [
    generateKeyPairSync('rsa', { modulusLength: 1024 }),
    generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
    generateKeyPairSync('ed448'),
  ]) {
    const certificate = readCertificate(issue({ issuer, keys }).der)
    assert.ok(certificate.ok)
    assert.equal(certificate.keyThumbprint, undefined)
    const jwk = keys.publicKey.export({ format: 'jwk' }) as JsonObject
    assert.equal(hasKey(certificate, jwk), false)
    assert.equal(hasKey(certificate, { kty: 'oct', k: 'AAAA' }), false)
    assert.equal(hasKey(certificate, {}), false)
  }
})

test('house: a file of CA certificates is read with what people write between them', () => {
  const all = [authority('A'), authority('B'), issue({ keys: p256() })]
  const text = `# our CAs\n${all.map((one) => `subject: x - y\n${one.pem}`).join('\n')}end\n`
  const read = readCertificates(text)
  assert.ok(Array.isArray(read))
  assert.deepEqual(
    read.map((one: { thumbprint: string }) => one.thumbprint),
    all.map(({ der }) => hash('sha256', der, 'base64url')),
  )
  assert.deepEqual(readCertificates('nothing'), { ok: false, reason: 'there is no certificate' })
  const broken = text.replace('MII', 'MIJ')
  assert.deepEqual(readCertificates(broken), { ok: false, reason: 'the certificate is malformed' })
})

test('RFC 5280 §4.2.1.6 our reading of names agrees with OpenSSL’s', () => {
  const { cert } = selfSigned('a.example', 'b.example')
  const certificate = readCertificate(cert)
  assert.ok(certificate.ok)
  assert.deepEqual(certificate.alternativeNames.dns, ['a.example', 'b.example'])
  assert.deepEqual(certificate.alternativeNames.ip, [Buffer.from([127, 0, 0, 1])])
  const { subjectAltName } = new X509Certificate(cert)
  assert.equal(subjectAltName, 'DNS:a.example, DNS:b.example, IP Address:127.0.0.1')
})
