import type { SettingTable, SettingValues } from '../setting.ts'
import { flag, oneOf, setting, text, whole } from '../setting.ts'
import { keeping, unserved, unset } from '../unserved.ts'
import {
  answerSignatures,
  contentEncryptions,
  foreignSignatures,
  keyManagements,
} from '../value/algorithm.ts'
import { orNone, textOf } from '../value/text.ts'
import { webUri } from '../value/uri-rule.ts'

/** The tables know sections, and AM's agents of this kind have none: all their rows stand in this one. */
export const agentSection = 'agent'

/** A remote consent service as a realm knows it (PingAM: remote-consent): where it is, and by which keys it is known. */
export const remoteConsentAgent = {
  remoteConsentRedirectUrl: setting(
    agentSection,
    'remoteConsentRedirectUrl',
    textOf(orNone(webUri)),
    '',
    'Where users are sent to be asked; empty: nowhere, and nobody can be asked.',
  ),
  remoteConsentRequestMode: setting(
    agentSection,
    'remoteConsentRequestMode',
    oneOf('redirect', 'form_post'),
    'redirect',
    'How `consent_request` gets there: in the query of that address, as PingAM has it, or posted by a form.',
  ),
  requestTimeLimit: setting(
    agentSection,
    'requestTimeLimit',
    whole(0, 3600),
    180,
    'Seconds for which a `consent_request` counts; 0: 180.',
  ),
  remoteConsentRequestSigningAlgorithm: setting(
    agentSection,
    'remoteConsentRequestSigningAlgorithm',
    oneOf(...answerSignatures),
    'RS256',
    'What `consent_request` is signed with.',
  ),
  remoteConsentRequestEncryptionEnabled: setting(
    agentSection,
    'remoteConsentRequestEncryptionEnabled',
    flag,
    true,
    'Whether `consent_request` is encrypted for the service.',
  ),
  remoteConsentRequestEncryptionAlgorithm: setting(
    agentSection,
    'remoteConsentRequestEncryptionAlgorithm',
    oneOf(...keyManagements),
    'RSA-OAEP-256',
    'How the key of an encrypted `consent_request` comes to the service.',
  ),
  remoteConsentRequestEncryptionMethod: setting(
    agentSection,
    'remoteConsentRequestEncryptionMethod',
    oneOf(...contentEncryptions),
    'A128GCM',
    'What `consent_request` is encrypted with.',
  ),
  remoteConsentResponseSigningAlg: setting(
    agentSection,
    'remoteConsentResponseSigningAlg',
    oneOf(...foreignSignatures),
    'RS256',
    'What `consent_response` must be signed with.',
  ),
  remoteConsentResponseEncryptionAlgorithm: setting(
    agentSection,
    'remoteConsentResponseEncryptionAlgorithm',
    oneOf(...keyManagements),
    'RSA-OAEP-256',
    'How the key of an encrypted `consent_response` must come. It need not be encrypted.',
  ),
  remoteConsentResponseEncryptionMethod: setting(
    agentSection,
    'remoteConsentResponseEncryptionMethod',
    oneOf(...contentEncryptions),
    'A128GCM',
    'What an encrypted `consent_response` must be encrypted with.',
  ),
  publicKeyLocation: setting(
    agentSection,
    'publicKeyLocation',
    oneOf('jwks_uri', 'jwks'),
    'jwks_uri',
    'Where the keys of the service are.',
  ),
  jwksUri: keeping(
    setting(agentSection, 'jwksUri', textOf(orNone(webUri)), '', 'Its key set, to be fetched.'),
    {
      stops: 'keys',
      keeps: (v) =>
        typeof v === 'string' && webUri.wrong(v.replace(/^http:/, 'https:')) === undefined,
    },
  ),
  jwkSet: setting(agentSection, 'jwkSet', text, '', 'Its key set, as JSON text.'),
  jwksCacheTimeout: setting(
    agentSection,
    'jwksCacheTimeout',
    whole(0, 2 ** 40),
    3_600_000,
    'Milliseconds a fetched key set is used.',
  ),
  jwkStoreCacheMissCacheTime: setting(
    agentSection,
    'jwkStoreCacheMissCacheTime',
    whole(0, 2 ** 40),
    60_000,
    'Milliseconds before an unknown key id causes another fetch.',
  ),
} as const

export type RemoteConsentSettings = SettingValues<typeof remoteConsentAgent>

/** Every attribute such an agent may have in AM’s JSON, those that are not served included. */
export const remoteConsentAttributes: SettingTable = {
  ...remoteConsentAgent,
  ...unserved(agentSection, 'Not served; kept for round trips.', {
    agentgroup: unset,
    secretLabelIdentifier: unset,
  }),
}
