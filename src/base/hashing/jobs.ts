import { pbkdf2Sync } from 'node:crypto'
import { hashSync, verifySync } from '@node-rs/argon2'

/** What a hash costs: KiB of memory, and passes over it. */
export interface HashCost {
  readonly memoryCost: number
  readonly timeCost: number
}

const argon2id = { algorithm: 2, parallelism: 1 } as const

/** What is hashed in threads. All of it is given as plain data, and takes its time where it is called. */
export const jobs = {
  /** A PHC string of Argon2id. */
  argon2: (text: string, salt: Uint8Array, { memoryCost, timeCost }: HashCost): string =>
    hashSync(text, { ...argon2id, memoryCost, timeCost, salt }),

  /** False also when `phc` is no Argon2 hash. */
  argon2Verify(phc: string, text: string): boolean {
    try {
      return verifySync(phc, text)
    } catch {
      return false
    }
  },

  async bcryptVerify(hash: string, text: string): Promise<boolean> {
    // Loaded where there is one to verify: most servers never see any.
    const { verifySync } = await import('@node-rs/bcrypt')
    return verifySync(text, hash)
  },

  pbkdf2: (
    text: string,
    salt: Uint8Array,
    iterations: number,
    length: number,
    digest: string,
  ): Uint8Array => pbkdf2Sync(text, salt, iterations, length, digest),
} as const

export type Jobs = typeof jobs
