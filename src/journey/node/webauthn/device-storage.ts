import { always, nodeType, passed } from '../../journey.ts'
import { postponed } from '../../person/postponed.ts'
import { accountIn } from '../../person/who.ts'
import { without } from '../../state.ts'
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
  acts: always,
  async process(turn, values) {
    const { state } = turn
    const user = await accountIn(turn)
    const device = user && postponed(state, 'webauthnDeviceData', user)
    if (user === undefined || device === undefined) return passed('failure', state)
    return stored(turn, without(state, 'webauthnDeviceData'), user, device, values)
  },
})
