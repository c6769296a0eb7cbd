import { flag, oneOf, setting } from '../setting.ts'
import { keeping } from '../unserved.ts'
import { answerSignatures, contentEncryptions, keyManagements } from '../value/algorithm.ts'

const keys = 'signEncOAuth2ClientConfig'
const own = 'parapetClientConfig'

/** What is meant by a content encryption that is not named (OIDC Registration §2, JARM §3). */
const usualContent = 'A128CBC-HS256'

/** How answers that are JWTs are made for the client. */
export const responseMetadata = {
  authorization_signed_response_alg: keeping(
    setting(
      keys,
      'authorizationResponseSigningAlgorithm',
      oneOf(...answerSignatures),
      'RS256',
      'JARM §3. What authorization responses in a JWT are signed with.',
    ),
    { stops: 'response' },
  ),
  authorization_encrypted_response_alg: keeping(
    setting(
      keys,
      'authorizationResponseEncryptionAlgorithm',
      oneOf('', ...keyManagements),
      '',
      'JARM §3. How their key is managed; empty: they are not encrypted.',
    ),
    { stops: 'response' },
  ),
  authorization_encrypted_response_enc: keeping(
    setting(
      keys,
      'authorizationResponseEncryptionMethod',
      oneOf('', ...contentEncryptions),
      '',
      `JARM §3. Counts beside an algorithm; empty: ${usualContent}.`,
    ),
    { stops: 'response' },
  ),
  require_signed_authorization_response: setting(
    own,
    'require_signed_authorization_response',
    flag,
    false,
    'FAPI 2.0 Message Signing §5.4.1: only requests that ask for an answer in a JWT.',
  ),
} as const
