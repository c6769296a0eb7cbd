import { jweAlgorithms, jweEncryptions, jwsAlgorithms } from '../../jose/algorithm.ts'
import { flag, oneOf, setting, texts, whole } from '../../protocol/setting.ts'

const advanced = 'advancedOAuth2Config'
const advancedOidc = 'advancedOIDCConfig'
const own = 'parapetConfig'

const minutes = whole(0, 2 ** 31)

/** Request objects (RFC 9101, OIDC Core §6). */
export const requestObjectProvider = {
  requestObjectProcessing: setting(
    advanced,
    'requestObjectProcessing',
    oneOf('OIDC', 'JAR'),
    'OIDC',
    'By which rules an object at /authorize counts: OIDC Core §6 or RFC 9101 §6. Pushed ones go by RFC 9126 §3.',
  ),
  expClaimRequiredInRequestObject: setting(
    advanced,
    'expClaimRequiredInRequestObject',
    flag,
    false,
    'Whether a request object needs `exp`.',
  ),
  nbfClaimRequiredInRequestObject: setting(
    advanced,
    'nbfClaimRequiredInRequestObject',
    flag,
    false,
    'Whether a request object needs `nbf`.',
  ),
  maxDifferenceBetweenRequestObjectNbfAndExp: setting(
    advanced,
    'maxDifferenceBetweenRequestObjectNbfAndExp',
    minutes,
    0,
    'Minutes from `nbf` to `exp`; 0: any.',
  ),
  maxAgeOfRequestObjectNbfClaim: setting(
    advanced,
    'maxAgeOfRequestObjectNbfClaim',
    minutes,
    0,
    'Minutes `nbf` may lie back; 0: any.',
  ),
  supportedRequestParameterSigningAlgorithms: setting(
    advancedOidc,
    'supportedRequestParameterSigningAlgorithms',
    texts,
    Object.keys(jwsAlgorithms),
    'What request objects may be signed with, of what is served.',
  ),
  supportedRequestParameterEncryptionAlgorithms: setting(
    advancedOidc,
    'supportedRequestParameterEncryptionAlgorithms',
    texts,
    Object.keys(jweAlgorithms),
    'How keys of encrypted request objects may be managed, of what is served.',
  ),
  supportedRequestParameterEncryptionEnc: setting(
    advancedOidc,
    'supportedRequestParameterEncryptionEnc',
    texts,
    Object.keys(jweEncryptions),
    'How request objects may be encrypted, of what is served.',
  ),
  requireSignedRequestObject: setting(
    own,
    'requireSignedRequestObject',
    flag,
    false,
    'RFC 9101 §10.5: only requests in a signed request object.',
  ),
  requireNonce: setting(
    own,
    'requireNonce',
    flag,
    false,
    'FAPI 1.0 Baseline §5.2.2.2: requests are for `openid` where they name no scope, and those for it have a `nonce`.',
  ),
  requestObjectProcessingEnforced: setting(
    own,
    'requestObjectProcessingEnforced',
    flag,
    false,
    'OIDC Core §6 also for objects that come without the parameters OpenID Connect wants beside them.',
  ),
} as const
