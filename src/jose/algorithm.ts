/**
 * jose: JWK, JWS, JWE and JWT over node:crypto, and X.509; the only folder that imports the JOSE
 * library. Pure: keys, allowed algorithms and the time come in as arguments, and it knows no client,
 * realm or network.
 */

export type KeyType = 'RSA' | 'EC' | 'OKP' | 'oct'
export type Digest = 'sha256' | 'sha384' | 'sha512'

/** A curve whose keys we take. */
export interface Curve {
  readonly kty: 'EC' | 'OKP'
  /** Bytes of a coordinate, of `d`, and of half a signature. */
  readonly size: number
  /** Order of the base point, big-endian; for EC only, where r and s must stay below it. */
  readonly order: Buffer | undefined
}

/** RFC 7518 §6.2.1.1, RFC 8037 §2; orders from FIPS 186-5 and SP 800-186 §3.2.1. */
export const curves = {
  'P-256': {
    kty: 'EC',
    size: 32,
    order: hex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
  },
  'P-384': {
    kty: 'EC',
    size: 48,
    order: hex(
      'ffffffffffffffffffffffffffffffffffffffffffffffff' +
        'c7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    ),
  },
  'P-521': {
    kty: 'EC',
    size: 66,
    order: hex(
      '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa' +
        '51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    ),
  },
  Ed25519: { kty: 'OKP', size: 32, order: undefined },
} as const satisfies Record<string, Curve>

export type CurveName = keyof typeof curves

/** What one JWS `alg` asks of a key and of node:crypto. */
export interface SignatureAlgorithm {
  readonly kty: KeyType
  readonly crv: CurveName | undefined
  /** Hash named to node:crypto; null where the key type implies it (Ed25519). */
  readonly digest: Digest | null
  /** RSASSA-PSS, salt as long as the hash (RFC 7518 §3.5). */
  readonly pss: boolean
  /** Least bits of an RSA modulus (RFC 7518 §3.3) or of a secret (§3.2); 0 where the curve says it. */
  readonly minimumBits: number
  /** Hash of at_hash, c_hash and s_hash (OIDC Core §3.1.3.6); for Ed25519 the one inside it. */
  readonly halfHash: Digest
  /** Cheap enough to sign on the main thread; the others cost more than the way to a pool thread. */
  readonly inline: boolean
}

/** Modulus bits we take: below is weak, above lets a stranger spend our time. */
export const rsaBits = { least: 2048, most: 8192 } as const

const ed25519: SignatureAlgorithm = {
  kty: 'OKP',
  crv: 'Ed25519',
  digest: null,
  pss: false,
  minimumBits: 0,
  halfHash: 'sha512',
  inline: true,
}

/** Every JWS `alg` we know. Two names of one algorithm share their row. `none` is no row. */
export const jwsAlgorithms = {
  RS256: rsa('sha256', false),
  RS384: rsa('sha384', false),
  RS512: rsa('sha512', false),
  PS256: rsa('sha256', true),
  PS384: rsa('sha384', true),
  PS512: rsa('sha512', true),
  ES256: ecdsa('P-256', 'sha256', true),
  ES384: ecdsa('P-384', 'sha384', false),
  ES512: ecdsa('P-521', 'sha512', false),
  EdDSA: ed25519, // RFC 8037 §3.1, only with Ed25519
  Ed25519: ed25519, // RFC 9864 §2.2
  HS256: hmac('sha256', 256),
  HS384: hmac('sha384', 384),
  HS512: hmac('sha512', 512),
} as const satisfies Record<string, SignatureAlgorithm>

export type JwsAlg = keyof typeof jwsAlgorithms

/** How the content key of a JWE comes about (RFC 7516 §2). */
export type KeyManagementMode = 'encryption' | 'wrapping' | 'agreement' | 'direct'

/** What one JWE `alg` asks of the recipient's key. */
export interface KeyManagementAlgorithm {
  readonly kty: 'RSA' | 'EC' | 'oct'
  readonly mode: KeyManagementMode
  /** Bits of the key that wraps the content key; 0 where none does. */
  readonly wrapBits: number
}

/** Every JWE `alg` we know. RSA1_5, PBES2 and AES-GCM key wrapping are no rows. */
export const jweAlgorithms = {
  'RSA-OAEP': { kty: 'RSA', mode: 'encryption', wrapBits: 0 }, // RFC 7518 §4.3
  'RSA-OAEP-256': { kty: 'RSA', mode: 'encryption', wrapBits: 0 },
  'ECDH-ES': { kty: 'EC', mode: 'agreement', wrapBits: 0 }, // RFC 7518 §4.6
  'ECDH-ES+A128KW': { kty: 'EC', mode: 'agreement', wrapBits: 128 },
  'ECDH-ES+A192KW': { kty: 'EC', mode: 'agreement', wrapBits: 192 },
  'ECDH-ES+A256KW': { kty: 'EC', mode: 'agreement', wrapBits: 256 },
  A128KW: { kty: 'oct', mode: 'wrapping', wrapBits: 128 }, // RFC 7518 §4.4
  A192KW: { kty: 'oct', mode: 'wrapping', wrapBits: 192 },
  A256KW: { kty: 'oct', mode: 'wrapping', wrapBits: 256 },
  dir: { kty: 'oct', mode: 'direct', wrapBits: 0 }, // RFC 7518 §4.5
} as const satisfies Record<string, KeyManagementAlgorithm>

export type JweAlg = keyof typeof jweAlgorithms

/** What one JWE `enc` asks of its content key, and what it leaves beside the ciphertext. */
export interface ContentEncryption {
  /** Bits of the content key; with CBC its first half is the HMAC key. */
  readonly keyBits: number
  readonly ivBytes: number
  readonly tagBytes: number
  /** Named to node:crypto. */
  readonly cipher: `aes-${128 | 192 | 256}-${'gcm' | 'cbc'}`
  /** Hash of the HMAC; null where the cipher authenticates. */
  readonly digest: Digest | null
}

/** Every JWE `enc` (RFC 7518 §5.2, §5.3). */
export const jweEncryptions = {
  A128GCM: gcm(128),
  A192GCM: gcm(192),
  A256GCM: gcm(256),
  'A128CBC-HS256': cbc(128, 'sha256'),
  'A192CBC-HS384': cbc(192, 'sha384'),
  'A256CBC-HS512': cbc(256, 'sha512'),
} as const satisfies Record<string, ContentEncryption>

export type JweEnc = keyof typeof jweEncryptions

const byName: ReadonlyMap<string, SignatureAlgorithm> = new Map(Object.entries(jwsAlgorithms))

/** The row of a JWS `alg`, whatever the text; undefined when there is none. */
export function jwsAlgorithm(name: string): SignatureAlgorithm | undefined {
  return byName.get(name)
}

export function isJwsAlg(name: string): name is JwsAlg {
  return byName.has(name)
}

export function isJweAlg(name: string): name is JweAlg {
  return Object.hasOwn(jweAlgorithms, name)
}

export function isJweEnc(name: string): name is JweEnc {
  return Object.hasOwn(jweEncryptions, name)
}

function rsa(digest: Digest, pss: boolean): SignatureAlgorithm {
  const minimumBits = rsaBits.least
  return { kty: 'RSA', crv: undefined, digest, pss, minimumBits, halfHash: digest, inline: false }
}

function ecdsa(crv: CurveName, digest: Digest, inline: boolean): SignatureAlgorithm {
  return { kty: 'EC', crv, digest, pss: false, minimumBits: 0, halfHash: digest, inline }
}

function hmac(digest: Digest, minimumBits: number): SignatureAlgorithm {
  const kty = 'oct'
  return { kty, crv: undefined, digest, pss: false, minimumBits, halfHash: digest, inline: true }
}

function gcm(bits: 128 | 192 | 256): ContentEncryption {
  return { keyBits: bits, ivBytes: 12, tagBytes: 16, cipher: `aes-${bits}-gcm`, digest: null }
}

function cbc(bits: 128 | 192 | 256, digest: Digest): ContentEncryption {
  const cipher = `aes-${bits}-cbc` as const
  return { keyBits: 2 * bits, ivBytes: 16, tagBytes: bits / 8, cipher, digest }
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}
