import type { IncomingHttpHeaders } from 'node:http'

/**
 * For how many seconds an answer may be used again, as its `Cache-Control` and `Age` say (RFC 9111 §4.2,
 * §5.2.2); `Infinity` if they say nothing. Of several words the strictest counts, and a malformed one
 * means that it is stale (§4.2.1). `s-maxage` is for caches that many share, which ours is not.
 */
export function keepFor(headers: IncomingHttpHeaders): number {
  let seconds = Number.POSITIVE_INFINITY
  for (const directive of (headers['cache-control'] ?? '').split(',')) {
    const [name = '', value = ''] = directive.split('=', 2).map((part) => part.trim())
    seconds = Math.min(seconds, secondsOf(name.toLowerCase(), value))
  }
  return Math.max(0, seconds - ageOf(headers.age))
}

function secondsOf(name: string, value: string): number {
  if (name === 'no-store' || name === 'no-cache') return 0
  if (name !== 'max-age') return Number.POSITIVE_INFINITY
  const digits = /^(?:(\d+)|"(\d+)")$/.exec(value)
  return digits === null ? 0 : Number(digits[1] ?? digits[2])
}

/** RFC 9111 §5.1: what is malformed is passed over. */
function ageOf(age: string | undefined): number {
  return age !== undefined && /^\d+$/.test(age) ? Number(age) : 0
}
