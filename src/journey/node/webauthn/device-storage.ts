import { isObject } from '../../../base/json.ts'
import { NodeError, nodeType, passed } from '../../journey.ts'
import { valueIn, without } from '../../state.ts'
import { whoIsMeant } from './ask.ts'
import { storageSettings } from './setting.ts'
import { exceeded, stored } from './store.ts'

/** Stores a passkey that was made before in this journey (PingAM: WebAuthn Device Storage node). */
export const webAuthnDeviceStorage = nodeType({
  type: 'WebAuthnDeviceStorageNode',
  name: 'WebAuthn Device Storage Node',
  tags: ['mfa', 'multi-factor authentication'],
  settings: storageSettings,
  outcomes: ({ maxSavedDevices }) => [
    { id: 'success', displayName: 'Success' },
    { id: 'failure', displayName: 'Failure' },
    ...(maxSavedDevices > 0 ? [exceeded] : []),
  ],
  async process(turn, values) {
    const { state } = turn
    const user = await whoIsMeant(turn)
    if (user === undefined) throw new NodeError('nobody is known whose passkey it would be')
    const device = valueIn(state, 'webauthnDeviceData')
    if (!isObject(device)) return passed('failure', state)
    return stored(turn, without(state, 'webauthnDeviceData'), user.sub, device, values)
  },
})
