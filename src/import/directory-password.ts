import { pbkdf2Form } from '../user/hash/pbkdf2.ts'
import { saltedForm } from '../user/hash/salted-digest.ts'
import type { PasswordRead } from './password.ts'
import { bytesOf, storedHash } from './password.ts'

type Reader = (rest: string) => PasswordRead

const malformed: PasswordRead = { problem: 'is malformed' }
const unknown: PasswordRead = { problem: 'is of a kind that cannot be verified here' }

/** RFC 2307 as directories extended it: digest and salt in one. */
function salted(name: string, size: number): Reader {
  return (rest) => {
    const bytes = bytesOf(rest)
    if (bytes === undefined || bytes.length <= size) return malformed
    return storedHash(saltedForm(name, bytes.subarray(size), bytes.subarray(0, size)))
  }
}

/** OpenLDAP and 389 write `iterations$salt$hash`, OpenDJ and PingDS `iterations:` and hash and salt in one. */
function derived(digest: string, size: number): Reader {
  return (rest) => {
    const [, iterations = '', colon, first = '', second] =
      /^(\d{1,15})([$:])([^$]+)(?:\$([^$]+))?$/.exec(rest) ?? []
    const [one, other] = [first, second ?? ''].map(bytesOf)
    if (one === undefined) return malformed
    if (colon === ':') {
      const parts = [one.subarray(size), one.subarray(0, size)] as const
      return one.length > size
        ? storedHash(pbkdf2Form(digest, Number(iterations), ...parts))
        : malformed
    }
    return other === undefined
      ? malformed
      : storedHash(pbkdf2Form(digest, Number(iterations), one, other))
  }
}

/** 389 before 2.x: four bytes of iterations, 64 of salt, 256 of hash. */
const packed: Reader = (rest) => {
  const bytes = bytesOf(rest)
  if (bytes?.length !== 324) return malformed
  return storedHash(
    pbkdf2Form('sha256', bytes.readUInt32BE(0), bytes.subarray(4, 68), bytes.subarray(68)),
  )
}

/** What begins with its own name. */
const crypt: Reader = (rest) => (/^\$(?:2|argon2)/.test(rest) ? storedHash(rest) : unknown)
const clear: Reader = (rest) => (rest === '' ? { problem: 'is empty' } : { clear: rest })
const weak: Reader = () => ({ problem: 'is a digest without a salt, or MD5, which is not taken' })

/** By the name in braces, in lower case. */
const schemes: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['ssha', salted('ssha', 20)],
  ['ssha256', salted('ssha256', 32)],
  ['ssha384', salted('ssha384', 48)],
  ['ssha512', salted('ssha512', 64)],
  ['pbkdf2', derived('sha1', 20)],
  ['pbkdf2-sha1', derived('sha1', 20)],
  ['pbkdf2-hmac-sha1', derived('sha1', 20)],
  ['pbkdf2-sha256', derived('sha256', 32)],
  ['pbkdf2-hmac-sha256', derived('sha256', 32)],
  ['pbkdf2-sha512', derived('sha512', 64)],
  ['pbkdf2-hmac-sha512', derived('sha512', 64)],
  ['pbkdf2_sha256', packed],
  ['bcrypt', crypt],
  ['crypt', crypt],
  ['argon2', crypt],
  ['clear', clear],
  ['cleartext', clear],
  ...['sha', 'sha256', 'sha384', 'sha512', 'md5', 'smd5'].map((name) => [name, weak] as const),
])

/** Passlib's way to write PBKDF2. */
const passlib = /^\$pbkdf2(?:-(sha256|sha512))?\$(\d{1,15})\$([^$]+)\$([^$]+)$/

/** Reads what a directory has as `userPassword`, or a file as the hash of a password. */
export function readPassword(text: string): PasswordRead {
  if (text === '') return { problem: 'is empty' }
  const [, scheme, rest = ''] = /^\{([\w.-]{1,40})\}(.*)$/s.exec(text) ?? []
  if (scheme !== undefined) return (schemes.get(scheme.toLowerCase()) ?? (() => unknown))(rest)
  const [, digest = 'sha1', iterations, salt = '', hash = ''] = passlib.exec(text) ?? []
  if (iterations !== undefined)
    return schemes.get(`pbkdf2-${digest}`)?.(`${iterations}$${salt}$${hash}`) ?? unknown
  if (/^\$(?:2[abxy]?|argon2\w*|pbkdf2[\w-]*|ssha\d*)\$/.test(text)) return storedHash(text)
  return /^\$[\w-]{1,20}\$/.test(text) || text.startsWith('_$') ? unknown : { clear: text }
}
