import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { EndUser, Population, Whose } from '../end-user.ts'
import type { Device } from './device.ts'
import { changeDevices, devicesOf } from './device.ts'

/** A passkey (PingAM: WebAuthn device). */
export type Passkey = Device & {
  /** Base64url, as the browser has it. */
  readonly credentialId: string
  /** A COSE key (RFC 9052 §7), in base64url. */
  readonly key: string
  readonly signCount: number
}

/** Undefined for what is none. */
export function asPasskey(device: JsonObject): Passkey | undefined {
  const texts = ['uuid', 'deviceName', 'credentialId', 'key'].map((name) => member(device, name))
  const whole = texts.every((each) => typeof each === 'string')
  return whole && Number.isInteger(member(device, 'signCount')) ? (device as Passkey) : undefined
}

/** Somebody's passkeys. */
export function passkeysOf(user: EndUser): readonly Passkey[] {
  return devicesOf(user, 'webauthn')
    .map(asPasskey)
    .filter((each) => each !== undefined)
}

/** Adds a passkey, unless there are `most` already. */
export async function addPasskey(
  realm: Population,
  whose: Whose,
  passkey: Passkey,
  most: number,
): Promise<'added' | 'too many' | 'nobody'> {
  let full = false
  const added = await changeDevices(realm, whose, 'webauthn', (there) => {
    full = there.length >= most
    return full ? undefined : [...there, passkey]
  })
  return added ? 'added' : full ? 'too many' : 'nobody'
}

/**
 * Notes that a passkey was used, and tells how far it had counted until then, as it stood when this was written: of two
 * who come with one count at once, the second is seen. Undefined where it is not there any more. `now`: seconds.
 */
export async function usePasskey(
  realm: Population,
  whose: Whose,
  { uuid }: Passkey,
  signCount: number,
  now: number,
): Promise<number | undefined> {
  let counted: number | undefined
  const written = await changeDevices(realm, whose, 'webauthn', (there) => {
    const at = there.findIndex((each) => each.uuid === uuid)
    const found = there[at]
    const before = found && asPasskey(found)
    if (found === undefined || before === undefined) return undefined
    counted = before.signCount
    const used = { lastAccessDate: now * 1000, signCount: Math.max(counted, signCount) }
    return there.with(at, { ...found, ...used })
  })
  return written ? counted : undefined
}
