import type { DerValue } from './der.ts'
import { readOne, within } from './der.ts'

/** A certificate's subject alternative names of the kinds RFC 8705 §2.1.2 knows. */
export interface AlternativeNames {
  readonly dns: readonly string[]
  readonly uri: readonly string[]
  readonly email: readonly string[]
  /** Addresses of 4 or 16 bytes. */
  readonly ip: readonly Buffer[]
}

export type AlternativeNameKind = keyof AlternativeNames

/** Choices of GeneralName (RFC 5280 §4.2.1.6). */
const choices = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 } as const

/**
 * Reads the extension's value. A name that is not plain printable ASCII is left out, so that no NUL
 * and nothing that looks like something else can match. Undefined when it is malformed.
 */
export function readAlternativeNames(value: Buffer): AlternativeNames | undefined {
  const names = within(readOne(value))
  if (names === undefined) return undefined
  const of = (tag: number): readonly DerValue[] => names.filter((name) => name.tag === tag)
  const texts = (tag: number): readonly string[] =>
    of(tag)
      .map(({ content }) => content.toString('latin1'))
      .filter((text) => /^[\x21-\x7e]+$/.test(text))
  return {
    dns: texts(choices.dns),
    uri: texts(choices.uri),
    email: texts(choices.email),
    ip: of(choices.ip)
      .map(({ content }) => content)
      .filter(({ length }) => length === 4 || length === 16),
  }
}

/**
 * Whether one of the names is the expected one. A wildcard in a certificate is no more than a star:
 * it says which hosts may show it, not who the client is.
 */
export function hasAlternativeName(
  names: AlternativeNames,
  kind: AlternativeNameKind,
  expected: string,
): boolean {
  if (kind !== 'ip')
    return names[kind].some((name) => comparable[kind](name) === comparable[kind](expected))
  const address = readAddress(expected)
  return address !== undefined && names.ip.some((name) => name.equals(address))
}

/** What makes texts equal: RFC 5280 §7.2 for DNS names, §7.5 for mailboxes; URIs to the letter. */
const comparable: Readonly<Record<Exclude<AlternativeNameKind, 'ip'>, (text: string) => string>> = {
  dns: lower,
  uri: (text) => text,
  email: (text) => {
    const at = text.lastIndexOf('@') + 1
    return text.slice(0, at) + lower(text.slice(at))
  },
}

/** Of ASCII letters: `toLowerCase` makes a k of the Kelvin sign. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** The bytes of an IPv4 address in dotted decimals or an IPv6 one (RFC 4291 §2.2), without a zone. */
export function readAddress(text: string): Buffer | undefined {
  if (!text.includes(':')) return readQuad(text)
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0) return undefined
  const left = readGroups(head, tail === undefined)
  const right = readGroups(tail ?? '', true)
  if (left === undefined || right === undefined) return undefined
  const missing = 16 - left.length - right.length
  // `::` stands for one group at least.
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined
  return Buffer.concat([left, Buffer.alloc(missing), right])
}

function readQuad(text: string): Buffer | undefined {
  const parts = text.split('.')
  const fine = parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256)
  return parts.length === 4 && fine ? Buffer.from(parts.map(Number)) : undefined
}

/** `last`: the address ends with these groups, so that the last one may be dotted decimals. */
function readGroups(text: string, last: boolean): Buffer | undefined {
  if (text === '') return Buffer.alloc(0)
  const groups = text.split(':').map((group, i, all) => {
    if (/^[0-9a-f]{1,4}$/i.test(group)) return Buffer.from(group.padStart(4, '0'), 'hex')
    return last && i === all.length - 1 ? readQuad(group) : undefined
  })
  return groups.includes(undefined) ? undefined : Buffer.concat(groups as Buffer[])
}
