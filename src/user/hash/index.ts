import { argon2 } from './argon2.ts'
import { bcrypt } from './bcrypt.ts'
import type { HashKind } from './kind.ts'
import { pbkdf2 } from './pbkdf2.ts'
import { saltedDigest } from './salted-digest.ts'

/** The kinds of hashes an account may have. A login makes Argon2id of any other. */
const hashKinds: readonly HashKind[] = [argon2, pbkdf2, bcrypt, saltedDigest]

/** The kind of a stored hash. */
export function hashKindOf(hash: string): HashKind | undefined {
  return hashKinds.find(({ begins }) => begins.test(hash))
}
