/* What later nodes find in the state of a passkey that was made or shown (PingAM: WebAuthn nodes, outputs). */
import type { JsonObject } from '../../../base/json.ts'
import type { JourneyState } from '../../state.ts'
import { putShared, putTransient } from '../../state.ts'
import type { PasskeyAnswer } from './answer.ts'
import type { Registered } from './verify.ts'

type Answered = Extract<PasskeyAnswer, { kind: 'credential' }>

/** WebAuthn §6.1: the bits of authenticator data, by PingAM's names for them. */
const bits = { UP: 0x01, UV: 0x04, AT: 0x40, ED: 0x80, BE: 0x08, BS: 0x10 } as const

/** WebAuthn §6.1: the flags stand behind the hash of the relying party's id. */
const flagsAt = 32

function infoOf(authenticatorData: Uint8Array, { attachment }: Answered): JsonObject {
  const byte = authenticatorData[flagsAt] ?? 0
  const flags = Object.entries(bits).map(([name, bit]) => [name, (byte & bit) !== 0] as const)
  return {
    flags: Object.fromEntries(flags),
    ...(attachment === undefined ? {} : { authenticatorAttachment: attachment }),
  }
}

/** `whole`: what the authenticator said, of which kind it is and how it vouches for that, too. */
export async function registrationTold(
  state: JourneyState,
  found: Registered,
  answer: Answered,
  whole: boolean,
): Promise<JourneyState> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers')
  const attestation = decodeAttestationObject(found.attestationObject)
  const told = putTransient(state, {
    webauthnAttestationInfo: infoOf(attestation.get('authData'), answer),
  })
  if (!whole) return told
  const vouched = attestation.get('attStmt').get('x5c') !== undefined
  return putTransient(told, {
    webauthnData: answer.text,
    webauthnAttestationType: found.fmt === 'none' ? 'NONE' : vouched ? 'BASIC' : 'SELF',
    webauthnDeviceAaguid: found.aaguid,
  })
}

export function authenticationTold(
  state: JourneyState,
  { uuid, deviceName }: { readonly uuid: string; readonly deviceName: string },
  authenticatorData: Uint8Array,
  answer: Answered,
): JourneyState {
  const named = putShared(state, { webauthnDeviceUuid: uuid, webauthnDeviceName: deviceName })
  return putTransient(named, { webauthnAssertionInfo: infoOf(authenticatorData, answer) })
}
