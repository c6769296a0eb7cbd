import type { JsonObject } from '../../base/json.ts'
import type { Read, Setting } from '../setting.ts'
import { flag, oneOf, setting, text } from '../setting.ts'
import type { Stops } from '../unserved.ts'
import { keeping, keptBefore } from '../unserved.ts'
import { answerSignatures, contentEncryptions, keyManagements } from '../value/algorithm.ts'

const keys = 'signEncOAuth2ClientConfig'
const own = 'parapetClientConfig'

const signature = oneOf('', ...answerSignatures)
const management = oneOf('', ...keyManagements)
const encryption = oneOf('', ...contentEncryptions)

/** A row of which PingAM has more values than are served: they are kept, and stop what would use them (C-39). */
function answering<T>(
  name: string,
  read: Read<T>,
  fallback: NoInfer<T>,
  about: string,
  what: { readonly stops: Stops; readonly when?: (section: JsonObject) => boolean },
): Setting<T> {
  return keeping(setting(keys, name, read, fallback, about), what)
}

const formats = ['JSON', 'SIGNED_JWT', 'ENCRYPTED_JWT', 'SIGNED_THEN_ENCRYPTED_JWT'] as const
const of = (name: string, part: string) => (section: JsonObject) => {
  const format = section[name]
  return typeof format === 'string' && format.includes(part)
}
const userinfoSigned = of('userinfoResponseFormat', 'SIGNED')
const userinfoEncrypted = of('userinfoResponseFormat', 'ENCRYPTED')
const introspectionEncrypted = of('tokenIntrospectionResponseFormat', 'ENCRYPTED')
const idTokenEncrypted = ({ idTokenEncryptionEnabled }: JsonObject): boolean =>
  idTokenEncryptionEnabled === true

const authorization = {
  authorization_signed_response_alg: answering(
    'authorizationResponseSigningAlgorithm',
    oneOf(...answerSignatures),
    'RS256',
    'JARM §3. What authorization responses in a JWT are signed with.',
    { stops: 'response' },
  ),
  authorization_encrypted_response_alg: answering(
    'authorizationResponseEncryptionAlgorithm',
    management,
    '',
    'JARM §3. How their key is managed; empty: they are not encrypted.',
    { stops: 'response' },
  ),
  authorization_encrypted_response_enc: answering(
    'authorizationResponseEncryptionMethod',
    encryption,
    '',
    'JARM §3. Counts beside an algorithm; empty: A128CBC-HS256.',
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

const userinfo = {
  userinfoResponseFormat: answering(
    'userinfoResponseFormat',
    oneOf(...formats),
    'JSON',
    'OIDC Core §5.3.2. Whether userinfo is signed, encrypted, or both.',
    { stops: 'userinfo' },
  ),
  userinfo_signed_response_alg: answering(
    'userinfoSignedResponseAlg',
    signature,
    '',
    'OIDC Registration §2. Counts where userinfo is signed; empty: RS256.',
    { stops: 'userinfo', when: userinfoSigned },
  ),
  userinfo_encrypted_response_alg: answering(
    'userinfoEncryptedResponseAlg',
    management,
    '',
    'OIDC Registration §2. Counts where userinfo is encrypted; empty: RSA-OAEP-256.',
    { stops: 'userinfo', when: userinfoEncrypted },
  ),
  userinfo_encrypted_response_enc: answering(
    'userinfoEncryptedResponseEncryptionAlgorithm',
    encryption,
    'A128CBC-HS256',
    'OIDC Registration §2.',
    { stops: 'userinfo', when: userinfoEncrypted },
  ),
} as const

const introspection = {
  tokenIntrospectionResponseFormat: answering(
    'tokenIntrospectionResponseFormat',
    oneOf('JSON', 'SIGNED_JWT', 'SIGNED_THEN_ENCRYPTED_JWT'),
    'JSON',
    'RFC 9701 §4. What the client gets that asks for nothing else by `Accept`, and whether a JWT is encrypted.',
    { stops: 'introspection' },
  ),
  introspection_signed_response_alg: answering(
    'tokenIntrospectionSignedResponseAlg',
    signature,
    'RS256',
    'RFC 9701 §6.',
    { stops: 'introspection' },
  ),
  introspection_encrypted_response_alg: answering(
    'tokenIntrospectionEncryptedResponseAlg',
    management,
    'RSA-OAEP-256',
    'RFC 9701 §6. Counts where the format is SIGNED_THEN_ENCRYPTED_JWT.',
    { stops: 'introspection', when: introspectionEncrypted },
  ),
  introspection_encrypted_response_enc: answering(
    'tokenIntrospectionEncryptedResponseEncryptionAlgorithm',
    encryption,
    'A128CBC-HS256',
    'RFC 9701 §6.',
    { stops: 'introspection', when: introspectionEncrypted },
  ),
} as const

const idToken = {
  idTokenEncryptionEnabled: keptBefore(
    setting(keys, 'idTokenEncryptionEnabled', flag, false, 'Whether ID tokens are encrypted.'),
    'openid',
  ),
  id_token_encrypted_response_alg: answering(
    'idTokenEncryptionAlgorithm',
    management,
    'RSA-OAEP-256',
    'OIDC Registration §2. Counts where they are encrypted.',
    { stops: 'openid', when: idTokenEncrypted },
  ),
  id_token_encrypted_response_enc: answering(
    'idTokenEncryptionMethod',
    encryption,
    'A128CBC-HS256',
    'OIDC Registration §2.',
    { stops: 'openid', when: idTokenEncrypted },
  ),
  idTokenPublicEncryptionKey: setting(
    keys,
    'idTokenPublicEncryptionKey',
    text,
    '',
    'Public key or certificate as PEM that ID tokens are encrypted to; empty: one of the client’s keys.',
  ),
} as const

/** How answers that are JWTs are made for the client. */
export const responseMetadata = {
  ...authorization,
  ...userinfo,
  ...introspection,
  ...idToken,
} as const
