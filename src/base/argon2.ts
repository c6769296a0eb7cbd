import { hash, verify } from '@node-rs/argon2'

/** Argon2id as OWASP advises it: 19 MiB, two passes, one lane. */
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/**
 * How many run at once: each holds a thread of Node's pool for 12 ms and 19 MiB, and file writes,
 * DNS and signatures need the other threads of the pool.
 */
const lanes = 2
let running = 0
const waiting: (() => void)[] = []

/** Hashes a password or secret a person chose. `salt`: 16 random bytes. Answers a PHC string. */
export function argon2Hash(text: string, salt: Uint8Array): Promise<string> {
  return inLane(() => hash(text, { ...cost, salt }))
}

/** Whether the text is the one that was hashed; false when `phc` is no Argon2 hash. */
export function argon2Verify(phc: string, text: string): Promise<boolean> {
  return inLane(() => verify(phc, text).catch(() => false))
}

/** How many callers wait for a lane: a measure of overload. */
export function argon2Waiting(): number {
  return waiting.length
}

async function inLane<T>(work: () => Promise<T>): Promise<T> {
  if (running >= lanes) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}
