/** Self-signed certificates for tests (RFC 5280 §4.1), made anew for each: nothing here is a secret. */
import { generateKeyPairSync, type KeyPairKeyObjectResult, randomBytes, sign } from 'node:crypto'

export interface TestCertificate {
  readonly cert: string
  readonly key: string
}

/** A P-256 key and a certificate for host names and 127.0.0.1, valid from 2020 to 2049. */
export function selfSigned(...names: readonly string[]): TestCertificate {
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
  return certified(generateKeyPairSync('ec', { namedCurve: 'P-256' }), ecdsaWithSha256, names)
}

/** The same with an RSA key of so many bits. */
export function selfSignedRsa(modulusLength: number, ...names: readonly string[]): TestCertificate {
  const rsaWithSha256 = sequence(oid('2a864886f70d01010b'), tlv(0x05, Buffer.alloc(0)))
  return certified(generateKeyPairSync('rsa', { modulusLength }), rsaWithSha256, names)
}

function certified(
  { publicKey, privateKey }: KeyPairKeyObjectResult,
  algorithm: Buffer,
  names: readonly string[],
): TestCertificate {
  const [first = 'localhost'] = names
  // commonName 2.5.4.3 as UTF8String
  const name = sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(first)))))
  const alternative = sequence(
    ...names.map((dns) => tlv(0x82, Buffer.from(dns))),
    tlv(0x87, Buffer.from([127, 0, 0, 1])),
  )
  // subjectAltName 2.5.29.17
  const extensions = sequence(sequence(oid('551d11'), tlv(0x04, alternative)))
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(tlv(0x17, Buffer.from('200101000000Z')), tlv(0x17, Buffer.from('491231235959Z'))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions),
  )
  const signature = sign('sha256', body, privateKey)
  const bits = tlv(0x03, Buffer.concat([Buffer.from([0]), signature]))
  const der = sequence(body, algorithm, bits)
  return {
    cert: pem('CERTIFICATE', der),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

export function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts))
}

export function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'))
}

/** DER: tag, length, value. */
export function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value
  const head =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...head]), value])
}

export function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
