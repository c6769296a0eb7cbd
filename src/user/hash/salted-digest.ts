import { hash as digestOf, timingSafeEqual } from 'node:crypto'
import type { HashKind } from './kind.ts'
import { phcBase64 } from './kind.ts'

/** Bytes of the digests, by the names under which they are stored. */
const digests: Readonly<Record<string, readonly [digest: string, size: number]>> = {
  ssha: ['sha1', 20],
  ssha256: ['sha256', 32],
  ssha384: ['sha384', 48],
  ssha512: ['sha512', 64],
}

const form = /^\$(ssha|ssha256|ssha384|ssha512)\$([A-Za-z0-9+/]{1,172})\$([A-Za-z0-9+/]{27,86})$/

/** A hash as it is stored. */
export function saltedForm(name: string, salt: Uint8Array, hash: Uint8Array): string {
  return `$${name}$${phcBase64(salt)}$${phcBase64(hash)}`
}

/** What directories call `{SSHA}`, `{SSHA256}` …: the digest of password and salt. It costs next to nothing. */
export const saltedDigest: HashKind = {
  name: 'a salted digest',
  begins: /^\$ssha/,
  problem(text) {
    const [, name = '', , hash = ''] = form.exec(text) ?? []
    const size = Object.hasOwn(digests, name) ? digests[name]?.[1] : undefined
    return size === Buffer.from(hash, 'base64').length
      ? undefined
      : 'must be a salted digest as $ssha512$salt$hash: ssha, ssha256, ssha384 or ssha512'
  },
  async verify(text, password) {
    const [, name = '', salt = '', hash = ''] = form.exec(text) ?? []
    const [digest] = Object.hasOwn(digests, name) ? (digests[name] ?? []) : []
    if (digest === undefined) return false
    const whole = Buffer.concat([Buffer.from(password), Buffer.from(salt, 'base64')])
    const expected = Buffer.from(hash, 'base64')
    const made = digestOf(digest, whole, 'buffer')
    return made.length === expected.length && timingSafeEqual(made, expected)
  },
  decoy: () => undefined,
}
