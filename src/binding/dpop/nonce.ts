import type { KeyObject } from 'node:crypto'
import { createHmac } from 'node:crypto'
import { equalInConstantTime, fromBase64url } from '../../base/bytes.ts'
import type { Realm } from '../../realm/realm.ts'

/** The header field that hands one out (RFC 9449 §8). */
export const nonceHeader = 'dpop-nonce'

const macBytes = 16

/**
 * The nonce that proofs are to carry from now on (RFC 9449 §8, C-26): which window of time it is of, and a
 * keyed hash of that, so that nothing is stored and every process takes what another has handed out.
 */
export function currentNonce(realm: Realm): string {
  return nonceOf(realm.secret('dpop nonce'), windowAt(realm))
}

/**
 * How far a nonce goes: `current`, or `old`, of the window before, which is still taken; undefined for one that is
 * taken no more or was not made here. One of the window to come is another process', whose clock is ahead.
 */
export function nonceAge(realm: Realm, nonce: string): 'current' | 'old' | undefined {
  const bytes = fromBase64url(nonce)
  if (bytes?.length !== 4 + macBytes) return undefined
  const window = bytes.readUInt32BE()
  const age = windowAt(realm) - window
  if (Math.abs(age) > 1) return undefined
  const made = realm
    .secrets('dpop nonce')
    .some((secret) => equalInConstantTime(nonce, nonceOf(secret, window)))
  if (!made) return undefined
  return age > 0 ? 'old' : 'current'
}

function windowAt({ provider, now }: Realm): number {
  return Math.floor(now() / provider.dpopNonceLifetime)
}

function nonceOf(secret: KeyObject, window: number): string {
  const bytes = Buffer.alloc(4 + macBytes)
  bytes.writeUInt32BE(window)
  const mac = createHmac('sha256', secret).update(bytes.subarray(0, 4)).digest()
  mac.copy(bytes, 4, 0, macBytes)
  return bytes.toString('base64url')
}
