import { fromBase64url, utf8 } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import { member, parseJsonObject } from '../base/json.ts'
import { lru } from '../base/lru.ts'

/** Longest token and longest encoded header that are looked at. */
export const limits = { token: 65_536, header: 16_384 } as const

/** A compact JWS taken apart. Nothing in it is proven; its claims only say whom to look up. */
export interface UnverifiedJws {
  readonly ok: true
  readonly header: JsonObject
  readonly alg: string
  readonly kid: string | undefined
  /** Media type in lower case without `application/` (RFC 7515 §4.1.9); empty when absent. */
  readonly typ: string
  readonly claims: JsonObject
  /** What was signed: `header.payload`. */
  readonly input: Buffer
  readonly signature: Buffer
}

export type JwsReason =
  | 'the token is too long'
  | 'the token is no compact JWS'
  | 'the header is malformed'
  | 'the header has crit or b64'
  | 'the payload is no JSON object'
  | 'the alg is not allowed'
  | 'the kid is unknown'
  | 'no key fits the alg'
  | 'the signature is wrong'

export interface JwsRefusal {
  readonly ok: false
  readonly reason: JwsReason
}

export function refuseJws(reason: JwsReason): JwsRefusal {
  return { ok: false, reason }
}

/**
 * Reads the compact serialization only (RFC 7515 §7.1): three parts in canonical base64url, header
 * and payload one JSON object each, no member twice. Keys and addresses the header may name (`jwk`,
 * `jku`, `x5c`, `x5u`) are never looked at; no extension is understood, so every `crit` is refused.
 */
export function parseJws(token: string): UnverifiedJws | JwsRefusal {
  if (token.length > limits.token) return refuseJws('the token is too long')
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  // A fourth part would lie inside the third, which is then no base64url.
  if (first < 1 || second <= first + 1) {
    return refuseJws('the token is no compact JWS')
  }
  if (first > limits.header) return refuseJws('the header is malformed')
  const header = readHeader(token.slice(0, first))
  if (!header.ok) return header
  const signature = fromBase64url(token.slice(second + 1))
  if (signature === undefined) return refuseJws('the token is no compact JWS')
  const claims = decodeObject(token.slice(first + 1, second))
  if (claims === undefined) return refuseJws('the payload is no JSON object')
  const input = Buffer.from(token.slice(0, second), 'latin1')
  return { ...header, claims, input, signature }
}

type Header = Pick<UnverifiedJws, 'ok' | 'header' | 'alg' | 'kid' | 'typ'>

/** A client's headers are all alike: those of usual length are read once. */
const headers = lru<Header>(500)
const usualHeader = 500

function readHeader(encoded: string): Header | JwsRefusal {
  const known = headers.get(encoded)
  if (known !== undefined) return known
  const header = decodeObject(encoded)
  if (header === undefined) return refuseJws('the header is malformed')
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) {
    return refuseJws('the header has crit or b64')
  }
  const alg = member(header, 'alg')
  const kid = member(header, 'kid')
  const typ = member(header, 'typ')
  if (typeof alg !== 'string' || !isOptionalText(kid) || !isOptionalText(typ)) {
    return refuseJws('the header is malformed')
  }
  const read: Header = { ok: true, header, alg, kid, typ: mediaTypeOf(typ) }
  if (encoded.length <= usualHeader) headers.set(encoded, read)
  return read
}

function decodeObject(encoded: string): JsonObject | undefined {
  const bytes = fromBase64url(encoded)
  const text = bytes && utf8(bytes)
  return text === undefined ? undefined : parseJsonObject(text)
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

function mediaTypeOf(typ = ''): string {
  const lower = typ.toLowerCase()
  return lower.startsWith('application/') ? lower.slice(12) : lower
}
