import { lru } from './lru.ts'

/** Wrong tries by key, in memory of this process. Times are seconds, spans milliseconds. */
export interface Throttle {
  /** Notes a wrong try; tells how many milliseconds its answer is to be held back. */
  failed(key: string, now: number): number
  /** Notes a right try: the key starts afresh. Changes nothing while all is quiet. */
  passed(key: string): void
  /** Whether no key has a wrong try to its name. */
  readonly quiet: boolean
  /**
   * So many wrong tries within seconds that a further one need not be checked, nor its answer held
   * (429 with `retryAfter`). Ask this only before a costly check and before holding an answer, never
   * before accepting what is known to be right.
   */
  crowded(key: string, now: number): boolean
}

/** Seconds to name in `Retry-After` when a key is crowded. */
export const retryAfter = 5

/** The longest an answer is held back, in milliseconds. */
export const longestDelay = 5000

const freeTries = 3
const forgetAfter = 900
const crowd = 20

interface Tries {
  count: number
  last: number
  /** Wrong tries since `burstStart`. */
  burst: number
  burstStart: number
}

/**
 * Slows down guessing: only failures count, and only the answer to a failure is held back, so the
 * right secret is answered at once however many wrong ones came before, from whichever source. Three
 * tries are free, then 100 ms, doubling up to `longestDelay`; forgotten after 15 minutes without a
 * failure. Keeps at most `limit` keys and forgets the one used longest ago. Pure: the caller passes
 * the time and does the waiting.
 */
export function throttle(limit = 10_000): Throttle {
  const tries = lru<Tries>(limit)
  return {
    failed(key, now) {
      const entry = tries.get(key) ?? { count: 0, last: now, burst: 0, burstStart: now }
      if (now - entry.last > forgetAfter) entry.count = 0
      if (!bursting(entry, now)) {
        entry.burst = 0
        entry.burstStart = now
      }
      entry.count++
      entry.burst++
      entry.last = now
      tries.set(key, entry)
      return delayOf(entry.count)
    },
    passed(key) {
      tries.delete(key)
    },
    get quiet() {
      return tries.size === 0
    },
    crowded(key, now) {
      const entry = tries.size > 0 ? tries.get(key) : undefined
      return entry !== undefined && bursting(entry, now) && entry.burst >= crowd
    },
  }
}

/** Whether a burst still lasts. After a clock was set back it is over: it might seem to last for hours. */
function bursting({ burstStart }: Tries, now: number): boolean {
  return now >= burstStart && now - burstStart < retryAfter
}

function delayOf(count: number): number {
  if (count <= freeTries) return 0
  return Math.min(100 * 2 ** Math.min(count - freeTries - 1, 16), longestDelay)
}

/**
 * A throttle's key for something guessed at (a client, a user name) and where from: IPv6 addresses
 * count by their /64, which is what one subscriber has. Long names are cut, so that a key stays small.
 */
export function throttleKey(subject: string, peer: string): string {
  return `${network(peer)} ${subject.slice(0, 200)}`
}

function network(peer: string): string {
  const address = peer.startsWith('::ffff:') && peer.includes('.') ? peer.slice(7) : peer
  if (!address.includes(':')) return address
  const gap = address.indexOf('::')
  const head = gap < 0 ? address : address.slice(0, gap)
  const groups = head === '' ? [] : head.split(':')
  while (groups.length < 4) groups.push('0')
  return groups.slice(0, 4).join(':')
}
