import type { Setting } from '../../protocol/setting.ts'
import { flag, setting, texts } from '../../protocol/setting.ts'
import {
  answerSignatures,
  contentEncryptions,
  keyManagements,
} from '../../protocol/value/algorithm.ts'

const advancedOidc = 'advancedOIDCConfig'
const oidc = 'coreOIDCConfig'
const advanced = 'advancedOAuth2Config'
const own = 'parapetConfig'

/** One of PingAM's lists; what is on it and not served says nothing. */
function offered(
  name: string,
  served: readonly string[],
  about: string,
  section = advancedOidc,
): Setting<readonly string[]> {
  return setting(section, name, texts, served, `${about}, of what is served.`)
}

/** What answers that are JWTs may be made with. */
export const responseProvider = {
  supportedAuthorizationResponseSigningAlgorithms: offered(
    'supportedAuthorizationResponseSigningAlgorithms',
    answerSignatures,
    'What authorization responses may be signed with',
  ),
  supportedAuthorizationResponseEncryptionAlgorithms: offered(
    'supportedAuthorizationResponseEncryptionAlgorithms',
    keyManagements,
    'How keys of encrypted authorization responses may be managed',
  ),
  supportedAuthorizationResponseEncryptionEnc: offered(
    'supportedAuthorizationResponseEncryptionEnc',
    contentEncryptions,
    'How authorization responses may be encrypted',
  ),
  supportedUserInfoSigningAlgorithms: offered(
    'supportedUserInfoSigningAlgorithms',
    answerSignatures,
    'What userinfo may be signed with',
  ),
  supportedUserInfoEncryptionAlgorithms: offered(
    'supportedUserInfoEncryptionAlgorithms',
    keyManagements,
    'How keys of encrypted userinfo may be managed',
  ),
  supportedUserInfoEncryptionEnc: offered(
    'supportedUserInfoEncryptionEnc',
    contentEncryptions,
    'How userinfo may be encrypted',
  ),
  supportedTokenIntrospectionResponseSigningAlgorithms: offered(
    'supportedTokenIntrospectionResponseSigningAlgorithms',
    answerSignatures,
    'What introspection may be signed with',
  ),
  supportedTokenIntrospectionResponseEncryptionAlgorithms: offered(
    'supportedTokenIntrospectionResponseEncryptionAlgorithms',
    keyManagements,
    'How keys of encrypted introspection may be managed',
  ),
  supportedTokenIntrospectionResponseEncryptionEnc: offered(
    'supportedTokenIntrospectionResponseEncryptionEnc',
    contentEncryptions,
    'How introspection may be encrypted',
  ),
  supportedIDTokenEncryptionAlgorithms: offered(
    'supportedIDTokenEncryptionAlgorithms',
    keyManagements,
    'How keys of encrypted ID tokens may be managed',
    oidc,
  ),
  supportedIDTokenEncryptionMethods: offered(
    'supportedIDTokenEncryptionMethods',
    contentEncryptions,
    'How ID tokens may be encrypted',
    oidc,
  ),
  supportedSubjectTypes: setting(
    advanced,
    'supportedSubjectTypes',
    texts,
    ['public', 'pairwise'],
    'OIDC Core §8. Kinds of subjects that clients may be registered for.',
  ),
  useTokenIntrospectionClaimForJWT: setting(
    advanced,
    'useTokenIntrospectionClaimForJWT',
    flag,
    true,
    'Introspection in a JWT as RFC 9701 §5 has it; false: with its members as claims, as PingAM has it unless it is told.',
  ),
  requireSignedAuthorizationResponse: setting(
    own,
    'requireSignedAuthorizationResponse',
    flag,
    false,
    'FAPI 2.0 Message Signing §5.4.1: only requests that ask for an answer in a JWT.',
  ),
} as const
