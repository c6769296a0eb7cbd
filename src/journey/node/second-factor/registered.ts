import type { JsonObject } from '../../../base/json.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { EndUser } from '../../../user/end-user.ts'
import { newUuid } from '../../../user/end-user.ts'
import type { Device, DeviceKind } from '../../../user/factor/device.ts'
import { changeDevices, mostDevices } from '../../../user/factor/device.ts'
import { keptCodes, newRecoveryCodes } from '../../../user/factor/recovery-code.ts'
import type { JourneyState } from '../../state.ts'
import { putTransient } from '../../state.ts'

/** A new device, and the codes that stand in for it where it is lost; these are shown once. */
export interface NewDevice {
  readonly device: Device
  readonly codes: readonly string[]
}

export function newDevice(
  realm: Realm,
  deviceName: string,
  own: JsonObject,
  withCodes: boolean,
): NewDevice {
  const codes = withCodes ? newRecoveryCodes(realm.random) : []
  const now = realm.timeOfDay() * 1000
  const device = {
    ...{ uuid: newUuid(realm.random), deviceName, createdDate: now, lastAccessDate: now },
    ...{ ...own, recoveryCodes: keptCodes(codes) },
  }
  return { device, codes }
}

/** Stores it beside those before; false where the account is gone, or was ended since it was read. */
export function storeDevice(
  realm: Realm,
  user: Pick<EndUser, 'sub' | 'epoch'>,
  kind: DeviceKind,
  device: Device,
): Promise<boolean> {
  return changeDevices(realm, user, kind, (devices) =>
    devices.length < mostDevices ? [...devices, device] : undefined,
  )
}

/** The codes are for the node that shows them (PingAM: Recovery Code Display node). */
export function withCodes(state: JourneyState, { device, codes }: NewDevice): JourneyState {
  return codes.length === 0
    ? state
    : putTransient(state, { recoveryCodes: codes, recoveryCodeDeviceName: device.deviceName })
}
