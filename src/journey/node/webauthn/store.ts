import type { JsonObject } from '../../../base/json.ts'
import { event } from '../../../base/log.ts'
import type { EndUser } from '../../../user/end-user.ts'
import { mostDevices } from '../../../user/factor/device.ts'
import { addPasskey, asPasskey } from '../../../user/factor/passkey.ts'
import { keptCodes, newRecoveryCodes } from '../../../user/factor/recovery-code.ts'
import type { NodeResult, Outcome, Turn } from '../../journey.ts'
import { NodeError, passed } from '../../journey.ts'
import type { JourneyState } from '../../state.ts'
import { putTransient } from '../../state.ts'
import { tellRefused } from '../object/create-object.ts'

/** Somebody has as many as they may have. */
export const exceeded: Outcome = {
  id: 'exceedDeviceLimit',
  displayName: 'Exceed Device Limit',
}

/**
 * Writes a passkey into its account, with codes that stand in for it where they are wanted, which later nodes show
 * (PingAM: `recoveryCodes`).
 */
export async function stored(
  turn: Turn,
  state: JourneyState,
  user: Pick<EndUser, 'sub' | 'epoch'>,
  device: JsonObject,
  values: { readonly generateRecoveryCodes: boolean; readonly maxSavedDevices: number },
): Promise<NodeResult> {
  const { realm } = turn
  const { generateRecoveryCodes, maxSavedDevices } = values
  const codes = generateRecoveryCodes ? newRecoveryCodes(realm.random) : []
  const passkey = asPasskey({ ...device, recoveryCodes: keptCodes(codes) })
  if (passkey === undefined) return passed('failure', state)
  const added = await addPasskey(realm, user, passkey, maxSavedDevices || mostDevices)
  if (added === 'nobody') throw new NodeError('the account is gone, or was ended since')
  if (added === 'taken') {
    tellRefused(turn, [{ path: 'credentialId', text: 'is registered already' }])
    return passed('failure', state)
  }
  // Where there is no such limit there is no such outcome.
  if (added === 'too many') return passed(maxSavedDevices > 0 ? exceeded.id : 'failure', state)
  event('passkey.added', { realm: realm.path, sub: user.sub, uuid: passkey.uuid })
  const told = { recoveryCodes: codes, recoveryCodeDeviceName: passkey.deviceName }
  return passed('success', codes.length === 0 ? state : putTransient(state, told))
}
