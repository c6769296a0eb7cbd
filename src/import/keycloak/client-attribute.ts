import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { plainText } from '../found.ts'
import { textsOf, whole } from './uri.ts'

type Mapped = readonly (readonly [ours: string, value: Json])[]
/** Undefined: there is no counterpart to this value. */
type Map1 = (value: string, client: JsonObject) => Mapped | undefined

const core = 'coreOAuth2ClientConfig'
const advanced = 'advancedOAuth2ClientConfig'
const keys = 'signEncOAuth2ClientConfig'
const oidc = 'coreOpenIDClientConfig'
const own = 'parapetClientConfig'

const as =
  (ours: string): Map1 =>
  (value) => [[ours, value]]
const listed =
  (ours: string): Map1 =>
  (value) => [[ours, value.split('##').filter((each) => each !== '')]]
const flag =
  (ours: string): Map1 =>
  (value) => [[ours, value === 'true']]
const seconds =
  (ours: string): Map1 =>
  (value) =>
    /^\d{1,9}$/.test(value) ? [[ours, Number(value)]] : undefined
/** Keycloak’s `any` is no choice. */
const algorithm =
  (ours: string): Map1 =>
  (value) =>
    value === 'any' || value === 'none' ? [] : [[ours, value]]

/** What another attribute of the client switches on. */
function behind(name: string, then: Map1): Map1 {
  return (value, client) => {
    const all = member(client, 'attributes')
    return isObject(all) && plainText(member(all, name)) === 'true' ? then(value, client) : []
  }
}

/** Tokens are tied to one key: beside DPoP, which binds codes too, nothing is left to bind. */
const ofCertificate: Map1 = (value, client) =>
  behind('dpop.bound.access.tokens', () => undefined)(value, client)?.length === 0
    ? flag(`${keys}.mTLSCertificateBoundAccessTokens`)(value, client)
    : undefined

const none: Map1 = () => []

const pkce: ReadonlyMap<string, Mapped> = new Map<string, Mapped>([
  ['S256', [[`${own}.codeVerifierEnforced`, 'true']]],
  [
    'plain',
    [
      [`${own}.codeVerifierEnforced`, 'true'],
      [`${own}.plainChallenge`, true],
    ],
  ],
])

/** PEM is what is between these lines, as Keycloak keeps it. */
const pem = (value: string): string =>
  value.includes('BEGIN')
    ? value
    : `-----BEGIN CERTIFICATE-----\n${value.replace(/\s+/g, '').replace(/(.{64})(?!$)/g, '$1\n')}\n-----END CERTIFICATE-----\n`

/** Where to go after logging out; `+` is where to go after logging in. */
const afterLogout: Map1 = (value, client) => {
  if (value === '-') return []
  const uris = value.split('##').flatMap((each) => {
    return each === '+' ? textsOf(client, 'redirectUris') : [each]
  })
  const absolute = uris.map((each) => whole(client, each))
  const good = absolute.filter((each) => each !== undefined && !each.includes('*')) as string[]
  return good.length === 0 ? undefined : [[`${oidc}.postLogoutRedirectUri`, good]]
}

const certificate: Map1 = (value) => [
  [`${keys}.clientJwtPublicKey`, pem(value)],
  [`${keys}.publicKeyLocation`, 'x509'],
]

/** Keycloak’s attributes of a client, and what they are here. */
const attributes: ReadonlyMap<string, Map1> = new Map<string, Map1>([
  ['pkce.code.challenge.method', (value) => pkce.get(value)],
  [
    'require.pushed.authorization.requests',
    flag(`${advanced}.require_pushed_authorization_requests`),
  ],
  ['dpop.bound.access.tokens', flag(`${own}.dpopBoundAccessTokens`)],
  ['tls.client.certificate.bound.access.tokens', ofCertificate],
  ['access.token.lifespan', seconds(`${core}.accessTokenLifetime`)],
  ['post.logout.redirect.uris', afterLogout],
  ['request.uris', listed(`${advanced}.requestUris`)],
  ['default.acr.values', listed(`${oidc}.defaultAcrValues`)],
  ['logoUri', (value) => [[`${advanced}.logoUri`, [value]]]],
  ['policyUri', (value) => [[`${advanced}.policyUri`, [value]]]],
  ['tosUri', (value) => [[`${advanced}.tosURI`, [value]]]],
  ['id.token.signed.response.alg', algorithm(`${keys}.idTokenSignedResponseAlg`)],
  ['token.endpoint.auth.signing.alg', algorithm(`${keys}.tokenEndpointAuthSigningAlgorithm`)],
  ['request.object.signature.alg', algorithm(`${keys}.requestParameterSignedAlg`)],
  ['request.object.encryption.alg', algorithm(`${keys}.requestParameterEncryptedAlg`)],
  [
    'request.object.encryption.enc',
    algorithm(`${keys}.requestParameterEncryptedEncryptionAlgorithm`),
  ],
  [
    'request.object.required',
    (value) => (value === 'not required' ? [] : [[`${own}.require_signed_request_object`, true]]),
  ],
  ['use.jwks.url', none],
  ['use.jwks.string', none],
  [
    'jwks.url',
    behind('use.jwks.url', (value) => [
      [`${keys}.jwksUri`, value],
      [`${keys}.publicKeyLocation`, 'jwks_uri'],
    ]),
  ],
  [
    'jwks.string',
    behind('use.jwks.string', (value) => [
      [`${keys}.jwkSet`, value],
      [`${keys}.publicKeyLocation`, 'jwks'],
    ]),
  ],
  ['jwt.credential.certificate', certificate],
  ['x509.subjectdn', as(`${keys}.mTLSSubjectDN`)],
])

/** Kept for Keycloak’s own use, or read elsewhere. */
export const quietAttributes: ReadonlySet<string> = new Set([
  'use.refresh.tokens',
  'client.secret.creation.time',
  'jwt.credential.kid',
  'jwt.credential.public.key',
  'realm_client',
  'oidc.ciba.grant.enabled',
  'backchannel.logout.session.required',
  'backchannel.logout.revoke.offline.tokens',
  'client_credentials.use_refresh_token',
  'display.on.consent.screen',
  'login_theme',
  'x509.allow.regex.pattern.comparison',
])

/** What an attribute of a Keycloak client is here; undefined: nothing. */
export function clientAttribute(
  name: string,
  value: string,
  client: JsonObject,
): Mapped | undefined {
  return attributes.get(name)?.(value, client)
}
