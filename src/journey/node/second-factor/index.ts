import type { NodeType } from '../../journey.ts'
import { oathDeviceStorage } from './oath-device-storage.ts'
import { oathRegistration } from './oath-registration.ts'
import { oathTokenVerifier } from './oath-token-verifier.ts'
import { recoveryCodeCollector } from './recovery-code-collector.ts'
import { recoveryCodeDisplay } from './recovery-code-display.ts'

/** Nodes by which somebody proves themselves beside a password, by an app or by codes. */
export const secondFactors: readonly NodeType[] = [
  ...[oathRegistration, oathDeviceStorage, oathTokenVerifier],
  ...[recoveryCodeDisplay, recoveryCodeCollector],
]
