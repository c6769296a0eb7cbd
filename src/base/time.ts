/**
 * What is read of the machine's clocks stands here and nowhere else. A running server does not use
 * them as they are: `trusted-time.ts` makes of both the times that it goes by, and says the rule.
 */
import { uptime } from 'node:os'

/** Tells the time: whole seconds since 1970-01-01T00:00:00Z, unless its name says otherwise. */
export type Clock = () => number

/** The system's clock. It may be set, forward and back. */
export const now: Clock = () => Math.floor(Date.now() / 1000)

/**
 * Whole seconds counted since some moment. Nobody sets it, and unlike `monotonic` it goes on while the
 * machine sleeps, so that a laptop that was opened again has no clock that jumped.
 */
export const counted: Clock = () => Math.floor(uptime())

/**
 * A clock that shows one of several times, which `advance` works out anew only when the wall clock shows
 * another second: they are asked for many times in each.
 */
export function clockOf<N extends string>(
  times: Readonly<Record<N | 'wall', number>>,
  name: N,
  wall: Clock,
  advance: (seen: number) => void,
): Clock {
  return () => {
    const seen = wall()
    if (seen !== times.wall) advance(seen)
    return times[name]
  }
}

/** A time in seconds as RFC 3339 text in UTC, without fractions: `2026-01-31T23:59:59Z`. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

/** A time in milliseconds as RFC 3339 text in UTC: `2026-01-31T23:59:59.999Z`. */
export function isoMilliseconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** The system's clock in milliseconds, for what is told to others that count in them. */
export const nowInMilliseconds = (): number => Date.now()

/** A monotonic reading in milliseconds, for measuring spans only. */
export const monotonic = (): number => performance.now()

/** Milliseconds of processor time that the calling thread has taken. */
export function computed(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Resolves in the next turn of the event loop: whatever has come meanwhile is looked at before. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** Resolves after `ms` milliseconds; `keepAlive: false` does not hold the process. */
export function delay(ms: number, keepAlive = true): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    if (!keepAlive) timer.unref()
  })
}

let writtenOut = 0
let text = ''

/** The system's time for log lines, RFC 3339 in UTC with milliseconds. Written out once for each. */
export function timestamp(): string {
  const milliseconds = Date.now()
  if (milliseconds !== writtenOut) {
    writtenOut = milliseconds
    text = new Date(milliseconds).toISOString()
  }
  return text
}
