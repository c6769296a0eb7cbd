import { builtIn, failure, success } from './journey.ts'
import { passwordAsked, passwordChecked } from './part/part.ts'

const ids = {
  who: '3d9a4f52-8c1e-4b77-9f06-6a2b5e7c0d01',
  own: '3d9a4f52-8c1e-4b77-9f06-6a2b5e7c0d02',
  any: '3d9a4f52-8c1e-4b77-9f06-6a2b5e7c0d03',
} as const

const settings = {
  relyingPartyName: 'Parapet',
  userVerificationRequirement: 'REQUIRED',
  asScript: false,
}

const shown = {
  ...{ success, failure, unsupported: failure, noDevice: failure, error: failure },
} as const

/** Asks for a passkey: of the session's user or the hinted one, else of whomever the device knows. */
export const passkey = builtIn('A passkey, of whoever is known already or of anybody.', {
  [ids.who]: {
    type: 'KnownUserNode',
    name: 'Known User',
    // What passkeys somebody has is told to nobody who has only named them.
    settings: { useHint: false },
    to: { known: ids.own, unknown: ids.any },
  },
  [ids.own]: {
    type: 'WebAuthnAuthenticationNode',
    name: 'Passkey of this user',
    settings,
    to: { ...shown, noDevice: ids.any },
  },
  [ids.any]: {
    type: 'WebAuthnAuthenticationNode',
    name: 'Passkey of anybody',
    settings: { ...settings, requiresResidentKey: true },
    to: shown,
  },
})

const other = {
  who: '4e0b5a63-9d2f-4c88-8a17-7b3c6f8d1e01',
  word: '4e0b5a63-9d2f-4c88-8a17-7b3c6f8d1e02',
  page: '4e0b5a63-9d2f-4c88-8a17-7b3c6f8d1e03',
  askName: '4e0b5a63-9d2f-4c88-8a17-7b3c6f8d1e04',
  askWord: '4e0b5a63-9d2f-4c88-8a17-7b3c6f8d1e05',
  check: '4e0b5a63-9d2f-4c88-8a17-7b3c6f8d1e06',
  show: '4e0b5a63-9d2f-4c88-8a17-7b3c6f8d1e07',
  make: '4e0b5a63-9d2f-4c88-8a17-7b3c6f8d1e08',
} as const

/**
 * Makes the first passkey of whoever knows the password. Who has one already shows it instead, so that a stolen password
 * is not enough for another one.
 */
export const passkeyRegistration = builtIn('The password, and then a first passkey.', {
  ...passwordAsked(other),
  [other.check]: passwordChecked(other.show),
  [other.show]: {
    type: 'WebAuthnAuthenticationNode',
    name: 'The passkey there is',
    settings,
    to: { ...shown, noDevice: other.make },
  },
  [other.make]: {
    type: 'WebAuthnRegistrationNode',
    name: 'A first passkey',
    // Whoever has come so far may wait here until somebody else has made it.
    settings: {
      ...{ ...settings, requiresResidentKey: true, generateRecoveryCodes: false },
      maxSavedDevices: 1,
    },
    to: { success, failure, unsupported: failure, error: failure, exceedDeviceLimit: failure },
  },
})
