/**
 * details: authorization details (RFC 9396): objects by which a client says what it wants to do, each of a type that
 * the realm has registered. Reads them, holds them against their type, compares them and puts them into words. Knows
 * no realm, client or user.
 */
import { withinBytes } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import { isObject, member, parseJson } from '../base/json.ts'
import { scan } from './scan.ts'

/** One object of `authorization_details` (RFC 9396 §2). */
export interface Detail {
  readonly type: string
  /** As it was sent, to the byte: what is handed on is this, not what became of it by being parsed. */
  readonly text: string
  readonly value: JsonObject
}

/** Why a text is no list of them. */
export type DetailsProblem = 'malformed' | 'number' | 'too large'

/** A request has no more of them than a person reads, and none that takes long to look through. */
export const most = { bytes: 32_768, details: 32, values: 1000, type: 256 } as const

/** The objects of the parameter `authorization_details`: a JSON array of objects that each have a type (RFC 9396 §2). */
export function readDetails(text: string): readonly Detail[] | DetailsProblem {
  if (!withinBytes(text, most.bytes)) return 'too large'
  const list = parseJson(text)
  if (!Array.isArray(list) || list.length === 0) return 'malformed'
  const scanned = scan(text)
  if (list.length > most.details || scanned.values > most.values) return 'too large'
  if (!scanned.wellFormed) return 'malformed'
  if (!scanned.exact) return 'number'
  const details: Detail[] = []
  for (const [i, value] of list.entries()) {
    const type = isObject(value) ? member(value, 'type') : undefined
    if (typeof type !== 'string' || type === '' || type.length > most.type) return 'malformed'
    details.push({ type, text: scanned.texts[i] as string, value: value as JsonObject })
  }
  return details
}

/** One that was read before, from its text. */
export function detailOf(text: string): Detail {
  const value = JSON.parse(text) as JsonObject
  return { type: value.type as string, text, value }
}

/** The array of such texts, as it stands on the wire. */
export function textOfDetails(texts: readonly string[]): string {
  return `[${texts.join(',')}]`
}
