import { timingSafeEqual } from 'node:crypto'
import { base64url, fromBase64url } from '../../base/bytes.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Device } from './device.ts'
import type { PasswordShape } from './one-time-password.ts'
import { passwordAt } from './one-time-password.ts'

/** A device that makes passwords by time or by counting (PingAM: OATH). */
export interface OathDevice extends PasswordShape {
  readonly secret: Buffer
  /** No password of a count below this one is taken any more: each counts once. */
  readonly next: number
  /** By how many intervals its clock is ahead. */
  readonly drift: number
  /** The count that has to come now for a password that was further ahead than one alone may be; absent or 0: none. */
  readonly resync?: number
}

/** How far a device may be from what is expected of it. */
export interface Leniency {
  /** Counts ahead of which a password alone is taken: never more than `mostAhead`. */
  readonly window: number
  /** Intervals before and behind that are tried, and by how many its clock may be off. */
  readonly steps: number
  readonly mostDrift: number
}

/** What is kept of it. */
export function keptOath({ secret, ...shape }: OathDevice): JsonObject {
  return { ...shape, secret: base64url(secret) }
}

/** Undefined for what is none. */
export function readOath(device: JsonObject): OathDevice | undefined {
  const secret = member(device, 'secret')
  const raw = typeof secret === 'string' ? fromBase64url(secret) : undefined
  return raw === undefined ? undefined : { ...(device as JsonObject & OathDevice), secret: raw }
}

/** RFC 4226 §7.4: each count more is one more number that a guess may hit. */
const mostAhead = 10

/** Counts ahead within which two passwords in a row show where a device stands (RFC 4226 §7.4, appendix E.4). */
const mostBehindhand = 1000

/**
 * What becomes of a device by a password: undefined where it is not one of its passwords, or was used. `now`: seconds.
 */
export function taken(
  device: OathDevice,
  password: string,
  now: number,
  leniency: Leniency,
): OathDevice | undefined {
  const found = (count: number): boolean =>
    isSame(passwordAt(device.secret, count, device), password)
  if (device.algorithm === 'HOTP') {
    const last = device.next + Math.min(leniency.window, mostAhead)
    for (let count = device.next; count <= last; count += 1)
      if (found(count)) return { ...device, next: count + 1, resync: 0 }
    const { resync = 0 } = device
    const second = resync > device.next && found(resync)
    return second ? { ...device, next: resync + 1, resync: 0 } : undefined
  }
  const { steps, mostDrift } = leniency
  const expected = Math.floor(now / device.interval)
  for (const step of outwards(steps)) {
    const drift = device.drift + step
    const count = expected + drift
    if (Math.abs(drift) <= mostDrift && count >= device.next && count >= 0 && found(count))
      return { ...device, next: count + 1, drift }
  }
  return undefined
}

/**
 * A counting device whose password was refused, but is one of those further ahead: the next one will show that it is in
 * the owner's hands. Undefined: it is none of its passwords.
 */
export function outOfStep(device: OathDevice, password: string): OathDevice | undefined {
  if (device.algorithm !== 'HOTP') return undefined
  for (let count = device.next; count <= device.next + mostBehindhand; count += 1)
    if (isSame(passwordAt(device.secret, count, device), password))
      return { ...device, resync: count + 1 }
  return undefined
}

/** 0, -1, 1, -2, 2 … */
function outwards(steps: number): readonly number[] {
  return [0, ...Array.from({ length: steps }, (_, i) => [-(i + 1), i + 1]).flat()]
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** The device with what became of it. */
export function withOath(device: Device, oath: OathDevice, now: number): Device {
  return { ...device, ...keptOath(oath), lastAccessDate: now * 1000 }
}
