import { createHash } from 'node:crypto'

/** A client secret at rest: SHA-256 of a generated one (256 bits), argon2id of a chosen one. */
export interface StoredSecret {
  readonly hash: string
}
void createHash
