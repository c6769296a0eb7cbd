/**
 * factor: what somebody proves themselves by beside a password, kept in their account. Knows nothing of journeys, and
 * not what a page asks.
 */
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { EndUser, Population, Whose } from '../end-user.ts'
import { updateEndUser } from '../end-user.ts'

/** Kinds of devices, as PingAM names them in its URLs. */
export type DeviceKind = 'oath' | 'push' | 'webauthn' | 'binding'

/** One of them: `uuid` names it, `deviceName` is what its owner calls it; the rest is its kind's. */
export type Device = JsonObject & { readonly uuid: string; readonly deviceName: string }

/** Devices of one kind that somebody may have. */
export const mostDevices = 20

export function devicesOf(
  { devices = {} }: Pick<EndUser, 'devices'>,
  kind: DeviceKind,
): readonly Device[] {
  const found = Object.hasOwn(devices, kind) ? devices[kind] : undefined
  return (found ?? []).filter(isDevice)
}

/** Whether it has what each of them has. */
export function isDevice(value: JsonObject): value is Device {
  return (
    typeof member(value, 'uuid') === 'string' && typeof member(value, 'deviceName') === 'string'
  )
}

/** An account with other devices of a kind. */
function withDevices(user: EndUser, kind: DeviceKind, devices: readonly Device[]): EndUser {
  return { ...user, devices: { ...user.devices, [kind]: devices } }
}

/**
 * Writes what `next` makes of somebody's devices as they stand, in one step; false where there is no such account, or
 * nothing is made. What counts once is looked at and spent in there.
 */
export function changeDevices(
  realm: Population,
  whose: Whose,
  kind: DeviceKind,
  next: (devices: readonly Device[]) => readonly Device[] | undefined,
): Promise<boolean> {
  return updateEndUser(realm, whose, (user) => {
    const devices = next(devicesOf(user, kind))
    return devices && withDevices(user, kind, devices)
  })
}
