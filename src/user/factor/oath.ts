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
}

/** How far a device may be from what is expected of it. */
export interface Leniency {
  /** Counts ahead that are tried. */
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
    for (let count = device.next; count <= device.next + leniency.window; count += 1)
      if (found(count)) return { ...device, next: count + 1 }
    return undefined
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
