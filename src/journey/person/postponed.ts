import type { JsonObject } from '../../base/json.ts'
import { isObject } from '../../base/json.ts'
import type { EndUser } from '../../user/end-user.ts'
import type { Device } from '../../user/factor/device.ts'
import type { JourneyState } from '../state.ts'
import { valueIn } from '../state.ts'

/** A device as it waits in the state, with the account that it was made for. */
export function ofAccount(device: JsonObject, { sub }: EndUser): JsonObject {
  return { ...device, sub }
}

/** A device that waits to be stored (PingAM: `oathDeviceProfile`, `webauthnDeviceData`); one of another account is none. */
export function postponed(state: JourneyState, name: string, user: EndUser): Device | undefined {
  const value = valueIn(state, name)
  if (!isObject(value) || value.sub !== user.sub) return undefined
  const { sub: _, ...device } = value
  return typeof device.uuid === 'string' && typeof device.deviceName === 'string'
    ? (device as Device)
    : undefined
}
