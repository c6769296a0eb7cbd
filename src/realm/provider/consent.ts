import { flag, setting, text, texts } from '../../protocol/setting.ts'
import { keptBefore } from '../../protocol/unserved.ts'
import {
  answerSignatures,
  contentEncryptions,
  foreignSignatures,
  keyManagements,
} from '../../protocol/value/algorithm.ts'

const consent = 'consent'

/** How users are asked for consent elsewhere (PingAM: remote-consent). */
export const consentProvider = {
  enableRemoteConsent: keptBefore(
    setting(
      consent,
      'enableRemoteConsent',
      flag,
      false,
      'Users are asked for consent by a remote consent service.',
    ),
    'user',
  ),
  remoteConsentServiceId: setting(
    consent,
    'remoteConsentServiceId',
    text,
    '',
    'The agent of that service.',
  ),
  supportedRcsRequestSigningAlgorithms: setting(
    consent,
    'supportedRcsRequestSigningAlgorithms',
    texts,
    answerSignatures,
    'What `consent_request` may be signed with, of what is served.',
  ),
  supportedRcsRequestEncryptionAlgorithms: setting(
    consent,
    'supportedRcsRequestEncryptionAlgorithms',
    texts,
    keyManagements,
    'How the key of `consent_request` may be managed, of what is served.',
  ),
  supportedRcsRequestEncryptionMethods: setting(
    consent,
    'supportedRcsRequestEncryptionMethods',
    texts,
    contentEncryptions,
    'What `consent_request` may be encrypted with, of what is served.',
  ),
  supportedRcsResponseSigningAlgorithms: setting(
    consent,
    'supportedRcsResponseSigningAlgorithms',
    texts,
    foreignSignatures,
    'What `consent_response` may be signed with, of what is served.',
  ),
  supportedRcsResponseEncryptionAlgorithms: setting(
    consent,
    'supportedRcsResponseEncryptionAlgorithms',
    texts,
    keyManagements,
    'How the key of `consent_response` may be managed, of what is served.',
  ),
  supportedRcsResponseEncryptionMethods: setting(
    consent,
    'supportedRcsResponseEncryptionMethods',
    texts,
    contentEncryptions,
    'What `consent_response` may be encrypted with, of what is served.',
  ),
} as const
