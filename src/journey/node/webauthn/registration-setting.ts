import { flag, oneOf, text, texts } from '../../../protocol/setting.ts'
import { nodeSetting } from '../../node-setting.ts'
import { passkeySettings, storageSettings } from './setting.ts'

/** What a passkey that is made has to be. */
export const registrationSettings = {
  relyingPartyName: nodeSetting('Relying party', text, 'ForgeRock', 'Whose passkeys they are.'),
  ...passkeySettings,
  attestationPreference: nodeSetting(
    'Preferred mode of attestation',
    oneOf('NONE', 'INDIRECT', 'DIRECT'),
    'NONE',
    'Whether the authenticator is to say of which kind it is. Who vouches for that is not looked at.',
  ),
  acceptedSigningAlgorithms: nodeSetting(
    'Accepted signing algorithms',
    texts,
    ['ES256', 'RS256'],
    'Of new keys, the preferred first.',
  ),
  authenticatorAttachment: nodeSetting(
    'Authentication attachment',
    oneOf('UNSPECIFIED', 'PLATFORM', 'CROSS_PLATFORM'),
    'UNSPECIFIED',
    'Whether the device itself, or one that is carried, is to hold the key.',
  ),
  trustStoreAlias: nodeSetting('Trust store alias', text, 'trustalias', 'Not served.', {
    optional: true,
  }),
  enforceRevocationCheck: nodeSetting(
    'Enforce revocation check',
    flag,
    false,
    'Not served: a node that asks for it does nothing else.',
  ),
  excludeCredentials: nodeSetting(
    'Limit registrations',
    flag,
    false,
    'Whether a device that has one already gets no other.',
  ),
  ...storageSettings,
  storeAttestationDataInTransientState: nodeSetting(
    'Store data in transient state',
    flag,
    false,
    'Whether later nodes find what the authenticator said (`webauthnData`, `webauthnAttestationType`, `webauthnDeviceAaguid`).',
  ),
  postponeDeviceProfileStorage: nodeSetting(
    'Store device data in transient state',
    flag,
    false,
    'Whether a later node stores the device.',
  ),
  displayNameSharedState: nodeSetting(
    'Shared state attribute for display name',
    text,
    '',
    'Under which name of the state it stands how somebody is shown.',
  ),
  validateFidoU2fAaguid: nodeSetting('Validate FIDO U2F AAGUID', flag, true, 'Always so.'),
  fidoCertificationLevel: nodeSetting(
    'FIDO certification level',
    text,
    'OFF',
    'Not served: a node that asks for one does nothing else.',
  ),
} as const

/** RFC 8152 §8, RFC 8812: the algorithms of new keys, by the names that PingAM has for them. */
export const algorithms: Readonly<Record<string, number>> = {
  ES256: -7,
  EdDSA: -8,
  ES384: -35,
  ES512: -36,
  RS256: -257,
  RS384: -258,
  RS512: -259,
}
