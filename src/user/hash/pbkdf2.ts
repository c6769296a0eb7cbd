import { timingSafeEqual } from 'node:crypto'
import { hashInTurn } from '../../base/hashing/lanes.ts'
import type { HashKind } from './kind.ts'
import { phcBase64 } from './kind.ts'

/** Digests that are known, with their bytes, and the most iterations: half a second to a second. */
const digests: Readonly<Record<string, { readonly size: number; readonly most: number }>> = {
  sha1: { size: 20, most: 2_000_000 },
  sha256: { size: 32, most: 1_000_000 },
  sha384: { size: 48, most: 1_000_000 },
  sha512: { size: 64, most: 1_000_000 },
}

/** Bytes of a hash and of a salt. */
const bytes = { least: 16, most: 512 }
const mostSalt = 128

const form =
  /^\$pbkdf2-(sha1|sha256|sha384|sha512)\$i=(\d{1,15}),l=(\d{1,4})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

interface Parts {
  readonly digest: string
  readonly size: number
  readonly iterations: number
  readonly most: number
  readonly length: number
  readonly salt: Buffer
  readonly hash: Buffer
}

function partsOf(text: string): Parts | undefined {
  if (text.length > 1024) return undefined
  const [, digest = '', i = '', l = '', salt = '', hash = ''] = form.exec(text) ?? []
  const known = Object.hasOwn(digests, digest) ? digests[digest] : undefined
  if (known === undefined) return undefined
  const [saltBytes, hashBytes] = [salt, hash].map((each) => Buffer.from(each, 'base64'))
  if (saltBytes === undefined || hashBytes === undefined) return undefined
  const numbers = { iterations: Number(i), length: Number(l) }
  return { digest, ...known, ...numbers, salt: saltBytes, hash: hashBytes }
}

function problemWith({ length, hash, salt, iterations, most }: Parts): string | undefined {
  if (length !== hash.length || length < bytes.least || length > bytes.most)
    return `must have a hash of its length, from ${bytes.least} to ${bytes.most} bytes`
  if (salt.length > mostSalt) return `must have a salt of at most ${mostSalt} bytes`
  return iterations >= 1 && iterations <= most ? undefined : `must have i from 1 to ${most}`
}

/** A hash as it is stored: PHC with iterations and length. */
export function pbkdf2Form(
  digest: string,
  iterations: number,
  salt: Uint8Array,
  hash: Uint8Array,
): string {
  const head = `$pbkdf2-${digest}$i=${iterations},l=${hash.length}`
  return `${head}$${phcBase64(salt)}$${phcBase64(hash)}`
}

/** RFC 8018 §5.2, with HMAC. */
export const pbkdf2: HashKind = {
  name: 'PBKDF2',
  begins: /^\$pbkdf2-/,
  problem(text) {
    const parts = partsOf(text)
    if (parts === undefined)
      return 'must be a PBKDF2 hash as $pbkdf2-sha256$i=27500,l=32$salt$hash: of sha1, sha256, sha384 or sha512'
    return problemWith(parts)
  },
  async verify(text, password, turn) {
    const parts = partsOf(text)
    if (parts === undefined || problemWith(parts) !== undefined) return false
    const { hash, salt, iterations, digest, size } = parts
    // Each block is made by itself, at the whole cost: the first says it all.
    const first = hash.subarray(0, size)
    const made = await hashInTurn(turn, 'pbkdf2', password, salt, iterations, first.length, digest)
    return timingSafeEqual(made, first)
  },
  decoy(text) {
    const parts = partsOf(text)
    if (parts === undefined) return undefined
    const { digest, iterations, size } = parts
    return pbkdf2Form(digest, iterations, Buffer.alloc(16, 1), Buffer.alloc(size, 1))
  },
}
