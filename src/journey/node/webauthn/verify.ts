import type {
  AuthenticationResponseJSON,
  RegistrationResponseJSON,
  VerifiedAuthenticationResponse,
  VerifiedRegistrationResponse,
} from '@simplewebauthn/server'
import { base64url, fromBase64url } from '../../../base/bytes.ts'
import type { JsonObject } from '../../../base/json.ts'
import { event } from '../../../base/log.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { Passkey } from '../../../user/factor/passkey.ts'
import type { RelyingParty } from './relying-party.ts'

/** What an answer has to be an answer to. */
export interface Expected {
  /** Base64url of the bytes that were sent. */
  readonly challenge: string
  readonly relyingParty: RelyingParty
  /** The device must have verified its user (WebAuthn §4: user verification). */
  readonly verified: boolean
}

export type Registered = NonNullable<VerifiedRegistrationResponse['registrationInfo']>

/** WebAuthn §7.1: what was registered; undefined where any step of it fails. */
export async function verifyRegistration(
  realm: Realm,
  response: RegistrationResponseJSON,
  { challenge, relyingParty, verified }: Expected,
  algorithms: readonly number[],
): Promise<Registered | undefined> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const result = await unlessRefused(realm, () =>
    verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: [...relyingParty.origins],
      expectedRPID: relyingParty.id,
      requireUserVerification: verified,
      supportedAlgorithmIDs: [...algorithms],
    }),
  )
  return result?.verified === true ? result.registrationInfo : undefined
}

/** WebAuthn §7.2, but for the counter, which is the caller's to compare; undefined where any step of it fails. */
export async function verifyAuthentication(
  realm: Realm,
  response: AuthenticationResponseJSON,
  { challenge, relyingParty, verified }: Expected,
  { credentialId, key }: Pick<Passkey, 'credentialId' | 'key'>,
): Promise<VerifiedAuthenticationResponse['authenticationInfo'] | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const publicKey = new Uint8Array(fromBase64url(key) ?? [])
  const result = await unlessRefused(realm, () =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: [...relyingParty.origins],
      expectedRPID: relyingParty.id,
      requireUserVerification: verified,
      credential: { id: credentialId, publicKey, counter: 0 },
    }),
  )
  return result?.verified === true ? result.authenticationInfo : undefined
}

/** The library throws whatever is wrong with an answer as a plain error. */
async function unlessRefused<T>(realm: Realm, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : ''
    event('passkey.refused', { realm: realm.path, reason })
    return undefined
  }
}

/** What is kept of it. */
export function keptOf({ credential, aaguid }: Registered): JsonObject {
  const { id, publicKey, counter } = credential
  return { credentialId: id, key: base64url(publicKey), signCount: counter, aaguid }
}
