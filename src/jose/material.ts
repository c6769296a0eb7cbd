import { fromBase64url } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'
import type { CurveName, KeyType } from './algorithm.ts'
import { curves, rsaBits } from './algorithm.ts'

/** The members that are the public key; RFC 7638 §3.2 hashes exactly these and `kty`. */
export const publicMembers = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
} as const satisfies Partial<Record<KeyType, readonly string[]>>

/** Members that betray a private or shared key wherever they stand (RFC 7518 §6.2.2, §6.3.2, §6.4). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

/** Number bytes of `e` we take: more only makes verification slow. FIPS 186-5 wants e > 2^16, odd. */
const exponent = { least: 65_537n, mostBytes: 8 } as const

/**
 * Points of Ed25519 whose order divides 8, and their unreduced twins, top bit cleared: signatures by
 * such a key prove nothing, for anybody can make them.
 */
const smallOrder: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/** A public key's material as it was checked. */
export interface Material {
  readonly ok: true
  readonly kty: keyof typeof publicMembers
  readonly crv: CurveName | undefined
  /** Modulus bits; 0 for curves. */
  readonly bits: number
  /** `kty` and the public members alone, ready for node:crypto. */
  readonly jwk: Readonly<Record<string, string>>
}

/** Why a JWK, a key set or a secret is not taken. The text is ours and may be shown. */
export interface Refused {
  readonly ok: false
  readonly reason: string
}

export function refused(reason: string): Refused {
  return { ok: false, reason }
}

/** True when the JWK holds more than a public key. */
export function betraysSecret(jwk: JsonObject): boolean {
  return privateMembers.some((name) => Object.hasOwn(jwk, name))
}

/**
 * The public material of a JWK (RFC 7518 §6), canonical base64url and lengths included. That an EC
 * point lies on its curve is node:crypto's check at import.
 */
export function readMaterial(jwk: JsonObject): Material | Refused {
  const kty = member(jwk, 'kty')
  if (kty === 'RSA') return readRsa(jwk)
  if (kty === 'EC' || kty === 'OKP') return readCurve(jwk, kty)
  return refused(kty === 'oct' ? 'the key is symmetric' : 'kty is not supported')
}

function readRsa(jwk: JsonObject): Material | Refused {
  const n = readBytes(jwk, 'n')
  const e = readBytes(jwk, 'e')
  if (n === undefined || n[0] === 0) return refused('n is malformed')
  if (e === undefined || e[0] === 0) return refused('e is malformed')
  const bits = 8 * n.length - Math.clz32(n[0] as number) + 24
  if (bits < rsaBits.least) return refused('the RSA key is too short')
  if (bits > rsaBits.most) return refused('the RSA key is too long')
  if (!isOdd(n)) return refused('n is malformed')
  if (e.length > exponent.mostBytes) return refused('e is too large')
  if (BigInt(`0x${e.toString('hex')}`) < exponent.least) return refused('e is too small')
  if (!isOdd(e)) return refused('e is even')
  return { ok: true, kty: 'RSA', crv: undefined, bits, jwk: pick(jwk, 'RSA') }
}

function readCurve(jwk: JsonObject, kty: 'EC' | 'OKP'): Material | Refused {
  const crv = member(jwk, 'crv')
  if (typeof crv !== 'string' || !isCurveName(crv) || curves[crv].kty !== kty) {
    return refused('crv is not supported')
  }
  const { size } = curves[crv]
  const x = readBytes(jwk, 'x')
  if (x?.length !== size) return refused('x is malformed')
  if (kty === 'EC' && readBytes(jwk, 'y')?.length !== size) return refused('y is malformed')
  if (kty === 'OKP' && isSmallOrder(x)) return refused('x is a point of small order')
  return { ok: true, kty, crv, bits: 0, jwk: pick(jwk, kty) }
}

/** The bytes of a base64url member; undefined when it is absent, empty or not canonical. */
function readBytes(jwk: JsonObject, name: string): Buffer | undefined {
  const text = member(jwk, name)
  return typeof text === 'string' && text !== '' ? fromBase64url(text) : undefined
}

function pick(jwk: JsonObject, kty: keyof typeof publicMembers): Record<string, string> {
  const material: Record<string, string> = { kty }
  for (const name of publicMembers[kty]) material[name] = jwk[name] as string
  return material
}

function isCurveName(name: string): name is CurveName {
  return Object.hasOwn(curves, name)
}

function isOdd(number: Uint8Array): boolean {
  return ((number.at(-1) as number) & 1) === 1
}

function isSmallOrder(x: Uint8Array): boolean {
  const masked = Buffer.from(x)
  masked[31] = (masked[31] as number) & 0x7f
  return smallOrder.has(masked.toString('hex'))
}
