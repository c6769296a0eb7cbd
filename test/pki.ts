/** Certificates of every kind for tests (RFC 5280 §4.1), made anew; nothing here is a secret. */
import type { KeyObject } from 'node:crypto'
import { constants, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { oid, pem, sequence, tlv } from './certificate.ts'

/** One attribute of a name: identifier and string type in hex, value as text or bytes. */
export type Attribute = readonly [type: string, value: string | Buffer, tag?: number]

/** What a certificate says; whatever is left out is as a client of a good CA would have it. */
export interface Wish {
  /** RDNs, root first. */
  readonly subject?: readonly (readonly Attribute[])[]
  /** GeneralNames: tag and content. */
  readonly names?: readonly (readonly [tag: number, content: Buffer])[]
  readonly issuer?: Issued
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
  readonly ca?: boolean
  readonly pathLength?: number
  /** First byte of keyUsage. */
  readonly keyUsage?: number
  readonly extendedKeyUsage?: readonly string[]
  /** Years of the validity, from January to December. */
  readonly years?: readonly [from: number, to: number]
  readonly extra?: readonly Buffer[]
  /** AlgorithmIdentifier and hash of the issuer's signature. */
  readonly signature?: readonly [algorithm: Buffer, digest: string | null, pss?: boolean]
}

export interface Issued {
  readonly der: Buffer
  readonly pem: string
  readonly name: Buffer
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export const commonName = '550403'
export const organization = '55040a'
export const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))

/** A name of one CN. */
export function cn(value: string): readonly (readonly Attribute[])[] {
  return [[[commonName, value]]]
}

export function nameDer(rdns: readonly (readonly Attribute[])[]): Buffer {
  return sequence(
    ...rdns.map((rdn) =>
      tlv(
        0x31,
        Buffer.concat(
          rdn.map(([type, value, tag = 0x0c]) => sequence(oid(type), tlv(tag, Buffer.from(value)))),
        ),
      ),
    ),
  )
}

export function extension(type: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [tlv(0x01, Buffer.from([0xff]))] : []
  return sequence(oid(type), ...flag, tlv(0x04, value))
}

export function p256(): NonNullable<Wish['keys']> {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

/** Makes a certificate; without an issuer it is its own. */
export function issue(wish: Wish): Issued {
  const { publicKey, privateKey } = wish.keys ?? p256()
  const name = nameDer(wish.subject ?? cn('client'))
  const [from, to] = wish.years ?? [2020, 2049]
  const [algorithm, digest, pss] = wish.signature ?? [ecdsaWithSha256, 'sha256']
  const time = (year: number, rest: string): Buffer =>
    year < 2050
      ? tlv(0x17, Buffer.from(`${String(year).slice(2)}${rest}`))
      : tlv(0x18, Buffer.from(`${year}${rest}`))
  const extensions = extensionsOf(wish)
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    wish.issuer?.name ?? name,
    sequence(time(from, '0101000000Z'), time(to, '1231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [tlv(0xa3, sequence(...extensions))] : []),
  )
  const key = wish.issuer?.privateKey ?? privateKey
  const padding = pss === true ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {}
  const signature = sign(digest, body, { key, ...padding })
  const bits = tlv(0x03, Buffer.concat([Buffer.from([0]), signature]))
  const der = sequence(body, algorithm, bits)
  return { der, pem: pem('CERTIFICATE', der), name, publicKey, privateKey }
}

function extensionsOf(wish: Wish): readonly Buffer[] {
  const { ca, pathLength, keyUsage, extendedKeyUsage, names, extra = [] } = wish
  const list: Buffer[] = []
  if (ca !== undefined) {
    const flag = ca ? [tlv(0x01, Buffer.from([0xff]))] : []
    const depth = pathLength === undefined ? [] : [tlv(0x02, Buffer.from([pathLength]))]
    list.push(extension('551d13', sequence(...flag, ...depth), true))
  }
  if (keyUsage !== undefined) {
    list.push(extension('551d0f', tlv(0x03, Buffer.from([0, keyUsage])), true))
  }
  if (extendedKeyUsage !== undefined) {
    list.push(extension('551d25', sequence(...extendedKeyUsage.map(oid))))
  }
  if (names !== undefined) {
    list.push(extension('551d11', sequence(...names.map(([tag, content]) => tlv(tag, content)))))
  }
  return [...list, ...extra]
}

/** A certificate authority of its own. */
export function authority(name: string, wish: Wish = {}): Issued {
  return issue({ subject: cn(name), ca: true, keyUsage: 0x06, ...wish })
}
