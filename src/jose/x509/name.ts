import { utf8 } from '../../base/bytes.ts'
import type { DerValue } from './der.ts'
import { readOid, readOne, tags, within } from './der.ts'

/**
 * Attribute types whose values are compared without regard to the case of ASCII letters and to runs
 * of spaces (RFC 4517 §4.2.11), by the names in use: RFC 4514 §3, RFC 4519, and what tools print.
 */
const attributeTypes: Readonly<Record<string, readonly string[]>> = {
  '2.5.4.3': ['CN', 'commonName'],
  '2.5.4.4': ['SN', 'surname'],
  '2.5.4.5': ['serialNumber'],
  '2.5.4.6': ['C', 'countryName'],
  '2.5.4.7': ['L', 'localityName'],
  '2.5.4.8': ['ST', 'S', 'stateOrProvinceName'],
  '2.5.4.9': ['STREET', 'streetAddress'],
  '2.5.4.10': ['O', 'organizationName'],
  '2.5.4.11': ['OU', 'organizationalUnitName'],
  '2.5.4.12': ['title', 'T'],
  '2.5.4.13': ['description'],
  '2.5.4.15': ['businessCategory'],
  '2.5.4.17': ['postalCode'],
  '2.5.4.41': ['name'],
  '2.5.4.42': ['GN', 'givenName'],
  '2.5.4.43': ['initials'],
  '2.5.4.44': ['generationQualifier'],
  '2.5.4.46': ['dnQualifier'],
  '2.5.4.65': ['pseudonym'],
  '2.5.4.97': ['organizationIdentifier'],
  '0.9.2342.19200300.100.1.1': ['UID', 'userId'],
  '0.9.2342.19200300.100.1.25': ['DC', 'domainComponent'],
  '1.2.840.113549.1.9.1': ['emailAddress', 'E'],
  '1.2.840.113549.1.9.2': ['unstructuredName'],
  '1.3.6.1.4.1.311.60.2.1.1': ['jurisdictionL', 'jurisdictionLocalityName'],
  '1.3.6.1.4.1.311.60.2.1.2': ['jurisdictionST', 'jurisdictionStateOrProvinceName'],
  '1.3.6.1.4.1.311.60.2.1.3': ['jurisdictionC', 'jurisdictionCountryName'],
}

const oids: ReadonlyMap<string, string> = new Map(
  Object.entries(attributeTypes).flatMap(([oid, names]) =>
    names.map((name) => [name.toLowerCase(), oid] as const),
  ),
)

/**
 * A distinguished name in a form that is equal exactly when the names are: RDNs in order, root
 * first; attributes of one RDN in any order. Only ever compared, never shown.
 */
export type CanonicalName = string & { readonly canonical: true }

/**
 * Reads the text form of a name (RFC 4514 §3), leaf first. Spaces around `,`, `+` and `=` are let
 * pass, as people write them. Undefined when it is malformed, empty or holds a NUL.
 */
export function readName(text: string): CanonicalName | undefined {
  if (!text.isWellFormed()) return undefined
  const rdns: string[][] = [[]]
  for (let at = 0; ; ) {
    const type = typePattern.exec(from(typePattern, text, at))
    const oid = type === null ? undefined : oidOf(type[1] as string)
    if (oid === undefined) return undefined
    const value = readValue(text, typePattern.lastIndex)
    const attribute = value && attributeOf(oid, value.value)
    if (value === undefined || attribute === undefined) return undefined
    rdns.at(-1)?.push(attribute)
    if (value.end === text.length) return canonical(rdns.reverse())
    if (text[value.end] === ',') rdns.push([])
    at = value.end + 1
  }
}

/** Reads a Name of a certificate (RFC 5280 §4.1.2.4). Undefined when malformed, empty or with NUL. */
export function nameOf(name: DerValue | undefined): CanonicalName | undefined {
  const rdns: string[][] = []
  for (const rdn of within(name) ?? []) {
    const attributes: string[] = []
    for (const attribute of within(rdn, tags.set) ?? []) {
      const [type, value, ...rest] = within(attribute) ?? []
      const oid = readOid(type)
      const read = oid && value && rest.length === 0 ? attributeOf(oid, value) : undefined
      if (read === undefined) return undefined
      attributes.push(read)
    }
    if (attributes.length === 0) return undefined
    rdns.push(attributes)
  }
  return rdns.length === 0 ? undefined : canonical(rdns)
}

const typePattern = / *([A-Za-z][A-Za-z0-9-]*|(?:OID\.)?[0-2](?:\.(?:0|[1-9][0-9]*))+) *= */iy

/** Sets where a sticky pattern begins; the text itself. */
function from(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return text
}

function oidOf(type: string): string | undefined {
  const bare = type.replace(/^oid\./i, '')
  return /^[0-9]/.test(bare) ? bare : oids.get(bare.toLowerCase())
}

function canonical(rdns: readonly (readonly string[])[]): CanonicalName {
  return JSON.stringify(rdns.map((attributes) => attributes.toSorted())) as CanonicalName
}

/** One attribute with its value, as text where it is a string we can read, else as hex of its DER. */
function attributeOf(oid: string, value: string | DerValue): string | undefined {
  const text = typeof value === 'string' ? value : textOf(value)
  if (text === undefined) return `${oid}#${(value as DerValue).whole.toString('hex')}`
  if (text.includes('\0')) return undefined
  return `${oid}=${Object.hasOwn(attributeTypes, oid) ? folded(text) : text}`
}

/** ASCII only: beyond it, Unicode calls letters the same that a CA may well tell apart. */
function folded(text: string): string {
  const spaced = text.replace(/ +/g, ' ').replace(/^ | $/g, '')
  return spaced.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Decoders of the string types (X.680 §41); T61String is text only where it is ASCII. */
const decoders: Readonly<Record<number, (bytes: Buffer) => string | undefined>> = {
  12: utf8, // UTF8String
  18: ascii, // NumericString
  19: ascii, // PrintableString
  20: ascii, // T61String
  22: ascii, // IA5String
  26: ascii, // VisibleString
  28: utf32, // UniversalString
  30: utf16, // BMPString
}

function textOf({ tag, content }: DerValue): string | undefined {
  return decoders[tag]?.(content)
}

function ascii(bytes: Buffer): string | undefined {
  return bytes.every((byte) => byte < 0x80) ? bytes.toString('latin1') : undefined
}

function utf16(bytes: Buffer): string | undefined {
  if (bytes.length % 2 !== 0) return undefined
  const text = Buffer.from(bytes).swap16().toString('utf16le')
  return text.isWellFormed() ? text : undefined
}

function utf32(bytes: Buffer): string | undefined {
  if (bytes.length % 4 !== 0) return undefined
  const points = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32BE(4 * i))
  const fine = points.every((point) => point <= 0x10_ffff && (point < 0xd800 || point > 0xdfff))
  return fine ? String.fromCodePoint(...points) : undefined
}

const hexPattern = /#((?:[0-9a-f]{2})+) */iy

/** The value from here to the next unescaped `,` or `+`, or to the end. */
function readValue(
  text: string,
  start: number,
): { readonly value: string | DerValue; readonly end: number } | undefined {
  if (text[start] !== '#') return readString(text, start)
  const hex = hexPattern.exec(from(hexPattern, text, start))
  const value = hex === null ? undefined : readOne(Buffer.from(hex[1] as string, 'hex'))
  const end = hexPattern.lastIndex
  const ends = end === text.length || text[end] === ',' || text[end] === '+'
  return value !== undefined && ends ? { value, end } : undefined
}

/** A run without escapes, an escaped character, or an escaped byte of UTF-8 (RFC 4514 §3). */
const piecePattern = /([^\\",;+<>\0]+)|\\([ "#+,;<=>\\])|\\([0-9a-f]{2})/iy

function readString(
  text: string,
  start: number,
): { readonly value: string; readonly end: number } | undefined {
  const pieces: Buffer[] = []
  let end = start
  while (end < text.length && text[end] !== ',' && text[end] !== '+') {
    const piece = piecePattern.exec(from(piecePattern, text, end))
    if (piece === null) return undefined
    end = piecePattern.lastIndex
    const [, run, escaped, byte] = piece
    const last = end === text.length || text[end] === ',' || text[end] === '+'
    // Spaces before the separator are not the value's, unless escaped.
    const plain = last ? run?.replace(/ +$/, '') : run
    pieces.push(byte === undefined ? Buffer.from(plain ?? escaped ?? '') : Buffer.from(byte, 'hex'))
  }
  const value = utf8(Buffer.concat(pieces))
  return value === undefined ? undefined : { value, end }
}
