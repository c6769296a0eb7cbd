import type { Setting } from '../../protocol/setting.ts'
import { flag, setting, texts } from '../../protocol/setting.ts'
import {
  answerSignatures,
  contentEncryptions,
  keyManagements,
} from '../../protocol/value/algorithm.ts'

const advancedOidc = 'advancedOIDCConfig'
const own = 'parapetConfig'

/** One of PingAM's lists; what is on it and not served says nothing. */
function offered(
  name: string,
  served: readonly string[],
  about: string,
): Setting<readonly string[]> {
  return setting(advancedOidc, name, texts, served, `${about}, of what is served.`)
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
  requireSignedAuthorizationResponse: setting(
    own,
    'requireSignedAuthorizationResponse',
    flag,
    false,
    'FAPI 2.0 Message Signing §5.4.1: only requests that ask for an answer in a JWT.',
  ),
} as const
