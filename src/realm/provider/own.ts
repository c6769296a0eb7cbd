import { profileNames } from '../../protocol/profile.ts'
import { flag, oneOf, setting, whole } from '../../protocol/setting.ts'
import { shortLine, token } from '../../protocol/value/name.ts'
import { requirementName } from '../../protocol/value/requirement.ts'
import { matching, textOf, textsOf } from '../../protocol/value/text.ts'
import { webOrigin } from '../../protocol/value/uri-rule.ts'

const own = 'parapetConfig'

const host = matching(/^[\w.\-[\]:]{1,260}$/u, 'a host and port', 'hosts with their ports')

/** A name that browsers give no meaning to (RFC 6265bis §4.1.3), and not PingAM's own second cookie. */
const cookieName = matching(
  /^(?!__|[Aa][Mm][Ll][Bb][Cc][Oo][Oo][Kk][Ii][Ee]$)[!#$%&'*+.^_`|~\dA-Za-z-]{1,64}$/u,
  'a cookie name',
  'cookie names',
)

const propertyName = matching(/^[\w.-]{1,64}$/u, 'a name of letters and digits', 'names')

/** What PingAM keeps in other services, or has no word for. */
export const ownProvider = {
  jwksPrivateAddresses: setting(
    own,
    'jwksPrivateAddresses',
    textsOf(host),
    [],
    'Hosts (`name:port`) that jwks_uri and request_uri may name although their addresses are not public.',
  ),
  encryptionKeyDays: setting(
    own,
    'encryptionKeyDays',
    whole(0, 36_500),
    90,
    'Days after which the keys that others encrypt to are replaced; 0: never.',
  ),
  encryptionKeyOverlapDays: setting(
    own,
    'encryptionKeyOverlapDays',
    whole(1, 36_500),
    30,
    'Days a replaced key still opens what was encrypted to it.',
  ),
  signingKeyDays: setting(
    own,
    'signingKeyDays',
    whole(0, 36_500),
    90,
    'Days after which the keys that sign tokens, and the secrets of pages and cookies, are replaced; 0: never.',
  ),
  loginButton: setting(
    own,
    'loginButton',
    textsOf(shortLine),
    [],
    "Text of the login page's button, as `text` or `locale|text`. Unset: PingOne's word in profile `ping`, else the plain one.",
  ),
  profile: setting(
    own,
    'profile',
    oneOf(...profileNames),
    'ping',
    'What clients are held to unless they say otherwise.',
  ),
  accessTokenTyp: setting(
    own,
    'accessTokenTyp',
    oneOf('at+jwt', 'JWT'),
    'at+jwt',
    '`typ` of JWT access tokens outside profile `ping` (RFC 9068 §2.1). `JWT` is what Spring Security takes.',
  ),
  observedRequirements: setting(
    own,
    'observedRequirements',
    textsOf(requirementName, 20),
    [],
    'Requirements that are watched for all clients that have not registered them themselves, whether or not realm or profile demand them: what breaks them is counted, and not refused.',
  ),
  parRequestUriForm: setting(
    own,
    'parRequestUriForm',
    oneOf('urn', 'bare'),
    'urn',
    'Form of request_uri values. RFC 9126 §2.2.',
  ),
  interactionLifetime: setting(
    own,
    'interactionLifetime',
    whole(60, 86_400),
    1800,
    'Seconds a user may take from the first page on.',
  ),
  refreshRetryWindow: setting(
    own,
    'refreshRetryWindow',
    whole(0, 60),
    10,
    'Seconds in which the same rotated refresh token yields the same successor.',
  ),
  dpopNonceLifetime: setting(
    own,
    'dpopNonceLifetime',
    whole(0, 3600),
    0,
    'Seconds for which a nonce that DPoP proofs must carry is handed out; each is taken for as long again. 0: none is asked for. RFC 9449 §8.',
  ),
  senderConstraint: setting(
    own,
    'senderConstraint',
    oneOf('none', 'dpop', 'mtls', 'either'),
    'none',
    'To which kind of key access tokens of clients that do not say so themselves must be tied: by DPoP, to a certificate (`mtls`), or `either`. RFC 9449 §5.2, RFC 8705 §3.',
  ),
  tombstones: setting(
    own,
    'tombstones',
    whole(0, 10_000_000),
    100_000,
    'Finished pushes remembered for 24 hours, for error pages.',
  ),
  corsOrigins: setting(
    own,
    'corsOrigins',
    textsOf(webOrigin),
    [],
    'Web origins that may call the cross-origin endpoints.',
  ),
  corsHeaders: setting(
    own,
    'corsHeaders',
    textsOf(token),
    [
      'accept-api-version',
      'content-type',
      'x-requested-with',
      'authorization',
      'x-requested-platform',
      'dpop',
    ],
    'Request headers such origins may send.',
  ),
  sessionMaxTime: setting(
    own,
    'sessionMaxTime',
    whole(1, 525_600),
    120,
    'Minutes a session lives.',
  ),
  sessionIdleTime: setting(
    own,
    'sessionIdleTime',
    whole(1, 525_600),
    30,
    'Minutes a session lives without use.',
  ),
  sessionPropertyWhitelist: setting(
    own,
    'sessionPropertyWhitelist',
    textsOf(propertyName, 50),
    [],
    'Names of properties that clients may keep with a session.',
  ),
  passwordChangeEndsGrants: setting(
    own,
    'passwordChangeEndsGrants',
    flag,
    true,
    'With another password also end what applications were issued for the user, beside the sessions.',
  ),
  cookieName: setting(
    own,
    'cookieName',
    textOf(cookieName),
    'iPlanetDirectoryPro',
    'Name of the session cookie.',
  ),
  issuerForm: setting(
    own,
    'issuerForm',
    oneOf('path', 'fixed'),
    'path',
    'The issuer mirrors the realm path of the request, or is always the full path.',
  ),
} as const
