import type { Turn } from '../../base/turns.ts'

/** A way to hash passwords, here or wherever accounts came from. */
export interface HashKind {
  /** What people call it. */
  readonly name: string
  /** How its hashes begin, as they are stored here. */
  readonly begins: RegExp
  /** What is wrong with one; undefined: it can be verified here, at a bearable cost. */
  problem(hash: string): string | undefined
  /**
   * Whether the text is the one that was hashed. `turn`: for whom, where it takes a turn.
   *
   * @throws HashBusy when too many wait.
   */
  verify(hash: string, text: string, turn?: Turn): Promise<boolean>
  /** A hash of nothing that takes as long to verify; undefined: that is no longer than one made here. */
  decoy(hash: string): string | undefined
  /** Whether all of the text counted; absent: it always does. */
  counts?(text: string): boolean
}

/** Base64 without padding, as PHC strings have it. */
export function phcBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
