/* Of a registration, and of what its realm makes of it. */
import type { ClientMetadata } from '../../protocol/client-metadata.ts'
import { isLoopback } from '../../protocol/value/uri.ts'
import type { Check, OfRealm, OfRegistration } from '../rule.ts'

/** FAPI 2.0 §5.4.1. */
export const fapiAlgorithms: readonly string[] = ['PS256', 'ES256', 'EdDSA', 'Ed25519']

const fapiMethods = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth']

export const isConfidential: Check<OfRegistration> = ({ client }) =>
  client.clientType === 'Public' ? 'it is a public client' : undefined

export const fapiMethod: Check<OfRegistration> = ({ client }) => {
  const method = client.clientType === 'Public' ? 'none' : client.token_endpoint_auth_method
  return fapiMethods.includes(method) ? undefined : `it is ${method}`
}

export const requiresPushed: Check<OfRealm> = ({ terms }) =>
  terms.require_pushed ? undefined : 'requests that were not pushed are taken'

export const requiresChallenge: Check<OfRealm> = ({ terms }) =>
  terms.require_challenge ? undefined : 'requests without a code_challenge are taken'

export const onlyS256: Check<OfRealm> = ({ terms }) =>
  terms.plain_challenge ? 'the method plain is taken' : undefined

export const requiresRedirectUri: Check<OfRealm> = ({ terms }) =>
  terms.require_redirect_uri ? undefined : 'requests without a redirect_uri are taken'

export const requiresSigned: Check<OfRealm> = ({ terms }) =>
  terms.require_signed ? undefined : 'requests that are not signed are taken'

export const requiresJwtResponse: Check<OfRealm> = ({ terms }) =>
  terms.require_signed_response ? undefined : 'requests for other responses are taken'

export const tiesTokens: Check<OfRealm> = ({ terms }) =>
  terms.required_binding === 'none' ? 'access tokens that are tied to no key are issued' : undefined

export const tiesByDpop: Check<OfRealm> = ({ terms }) =>
  ['dpop', 'either'].includes(terms.required_binding)
    ? undefined
    : `the binding that is required is ${terms.required_binding}`

export const onlyCode: Check<OfRegistration> = ({ terms }) =>
  others(
    terms.response_types.filter(
      (name) => name !== 'none' && terms.granted_response_types.includes(name),
    ),
    ['code'],
  )

/** Those the client may use; none that OAuth 2.1 left out. */
export const noOldGrants: Check<OfRealm> = ({ terms }) =>
  listed(terms.grant_types.filter((name) => name === 'implicit' || name === 'password'))

export const noPasswordGrant: Check<OfRealm> = ({ terms }) =>
  terms.grant_types.includes('password') ? 'password is allowed' : undefined

export const httpsRedirects: Check<OfRegistration> = ({ client }) => {
  const wrong = client.redirect_uris.filter((uri) => plainHttp(uri))
  return wrong.length === 0 ? undefined : `${wrong.length} of them are http beyond loopback`
}

/** Private-use schemes are reversed domain names (RFC 8252 §7.1). */
export const dottedSchemes: Check<OfRegistration> = ({ client }) => {
  const wrong = client.redirect_uris.filter((uri) => {
    const { protocol } = URL.parse(uri) ?? { protocol: 'https:' }
    return !['http:', 'https:'].includes(protocol) && !protocol.includes('.')
  })
  return wrong.length === 0 ? undefined : `${wrong.length} of them have another scheme`
}

/** Whether a URI is `http`, and not to the machine it is opened on. */
export function plainHttp(uri: string): boolean {
  const url = URL.parse(uri)
  return url !== null && url.protocol === 'http:' && !isLoopback(url)
}

export const issuerAudience: Check<OfRegistration> = ({ client, terms }) =>
  signsAssertions(client) && terms.assertion_audience !== 'issuer-string'
    ? `audiences of the tier ${terms.assertion_audience} are taken`
    : undefined

export const noLegacyAudience: Check<OfRegistration> = ({ client, terms }) =>
  signsAssertions(client) && terms.assertion_audience === 'legacy'
    ? 'other audiences than the issuer are taken'
    : undefined

function signsAssertions({ token_endpoint_auth_method: method }: ClientMetadata): boolean {
  return method === 'private_key_jwt' || method === 'client_secret_jwt'
}

/** Attributes that name what is signed with, where it counts. */
const signing: readonly (readonly [
  name: keyof ClientMetadata,
  counts: (client: ClientMetadata) => boolean,
])[] = [
  ['token_endpoint_auth_signing_alg', signsAssertions],
  ['request_object_signing_alg', () => true],
  ['userinfo_signed_response_alg', ({ userinfoResponseFormat: form }) => form.includes('SIGNED')],
  [
    'introspection_signed_response_alg',
    ({ tokenIntrospectionResponseFormat: form }) => form !== 'JSON',
  ],
]

export const fapiSigning: Check<OfRegistration> = ({ client, terms }) => {
  const wrong = signing.filter(([name, counts]) => counts(client) && outside(client[name]))
  const names = wrong.map(([name]) => `${name} is ${String(client[name])}`)
  const token = terms.id_token_algorithm
  return listed([...names, ...(outside(token) ? [`ID tokens are signed with ${token}`] : [])])
}

function outside(alg: unknown): boolean {
  return typeof alg === 'string' && alg !== '' && !fapiAlgorithms.includes(alg)
}

export const httpsKeys: Check<OfRegistration> = ({ client }) =>
  client.jwks_uri !== '' && !client.jwks_uri.startsWith('https:')
    ? 'the jwks_uri is not https'
    : undefined

export const safeRefresh: Check<OfRegistration> = ({ client, terms }) => {
  const refreshes = terms.grant_types.includes('refresh_token') && terms.issue_refresh_token
  if (client.clientType !== 'Public' || !refreshes) return undefined
  return terms.rotate_refresh || terms.required_binding !== 'none'
    ? undefined
    : 'they are neither rotated nor tied to a key'
}

export const objectAudience: Check<OfRealm> = ({ terms }) =>
  terms.request_object_audience === 'issuer' ? undefined : 'objects without the issuer are taken'

export const objectNotBefore: Check<OfRealm> = ({ terms }) => {
  if (!terms.request_object_required.includes('nbf')) return 'objects without nbf are taken'
  return terms.request_object_age <= 3600 ? undefined : 'older ones are taken'
}

export const objectEnds: Check<OfRealm> = ({ terms }) => {
  if (!terms.request_object_required.includes('exp')) return 'objects without exp are taken'
  return terms.request_object_span <= 3600 ? undefined : 'longer ones are taken'
}

/** What is listed beyond what may be. */
function others(names: readonly string[], allowed: readonly string[]): string | undefined {
  return listed(names.filter((name) => !allowed.includes(name)))
}

function listed(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : names.join(', ')
}
