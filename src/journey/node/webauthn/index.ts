import type { NodeType } from '../../journey.ts'
import { webAuthnAuthentication } from './authentication.ts'
import { webAuthnDeviceStorage } from './device-storage.ts'
import { webAuthnRegistration } from './registration.ts'

/** Nodes that make passkeys and ask for them. */
export const webAuthn: readonly NodeType[] = [
  webAuthnRegistration,
  webAuthnAuthentication,
  webAuthnDeviceStorage,
]
