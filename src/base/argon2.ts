import type { HashCost, Jobs } from './hashing/jobs.ts'
import { jobs } from './hashing/jobs.ts'
import { inHashLane } from './hashing/lanes.ts'
import { inThread } from './hashing/threads.ts'
import type { Ready } from './ready.ts'
import type { Turn } from './turns.ts'

export type { HashCost } from './hashing/jobs.ts'

/** Argon2id as OWASP advises it: 19 MiB, two passes, one lane. */
export const usualCost: HashCost = { memoryCost: 19_456, timeCost: 2 }

/** KiB of memory by passes: what costs no more takes less time than to hand it to a thread. */
const trifle = 64

/** Hashes a password or secret a person chose. `salt`: 16 random bytes. Answers a PHC string. */
export function argon2Hash(
  text: string,
  salt: Uint8Array,
  cost = usualCost,
  turn?: Turn,
): Promise<string> {
  const { memoryCost, timeCost } = cost
  return inHashLane(turn, () => where(memoryCost * timeCost)('argon2', text, salt, cost))
}

/**
 * Whether the text is the one that was hashed; false when `phc` is no Argon2 hash. `turn`: for whom, so
 * that many tries of one source hold up nobody else's; without it the server asks for itself.
 *
 * @throws HashBusy when too many wait, and none of a source that has more.
 */
export function argon2Verify(phc: string, text: string, turn?: Turn): Promise<boolean> {
  const [, memory = 0, time = 0] = costs.exec(phc) ?? []
  return inHashLane(turn, () => where(Number(memory) * Number(time))('argon2Verify', phc, text))
}

/** Where PHC strings say what they cost. */
const costs = /\$m=(\d{1,10}),t=(\d{1,10})/

function where(cost: number): DoJob {
  return cost > trifle ? inThread : here
}

type DoJob = <N extends keyof Jobs>(
  name: N,
  ...given: Parameters<Jobs[N]>
) => Ready<Awaited<ReturnType<Jobs[N]>>>

const here: DoJob = (name, ...given) => (jobs[name] as (...given: unknown[]) => never)(...given)
