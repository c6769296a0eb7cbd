import { servedAcrValues } from '../../authorization/acr.ts'
import { offeredAlgorithms } from '../../authorization/remote-consent/agent.ts'
import { responseModes } from '../../authorization/response-mode/index.ts'
import { challengeMethods } from '../../authorization/rules.ts'
import { json } from '../../base/http.ts'
import { arrives } from '../../client/certificate.ts'
import { scopeName } from '../../client/client.ts'
import { advertisedResources } from '../../client/resource/advertised.ts'
import { servedResponseTypes } from '../../client/response-types.ts'
import { permits } from '../../client/terms/row.ts'
import { termsOffered } from '../../client/terms.ts'
import { languages } from '../../page/messages/index.ts'
import { userClaims } from '../../protocol/claims.ts'
import { signingAlgorithms } from '../../realm/key/stored-key.ts'
import { aliasOf } from '../../realm/mtls-alias.ts'
import type { Realm } from '../../realm/realm.ts'
import { cacheable } from '../serve/cacheable.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { answerMetadata } from './jwt-answer.ts'

/** Seconds: a change of settings counts at once here, and for whoever keeps this by then. */
const keptFor = 300

/** Server metadata (RFC 8414, OIDC Discovery §3): the union of what endpoints and realm say of themselves. */
export function discovery(endpoints: readonly Endpoint[]): Endpoint {
  return {
    path: '/.well-known/openid-configuration',
    under: 'oauth2',
    methods: ['GET'],
    errors: 'oauth',
    cors: 'public',
    async handle(realm, http) {
      const stated: Record<string, unknown> = { issuer: realm.issuer }
      for (const endpoint of endpoints) {
        Object.assign(stated, endpoint.metadata?.(realm.issuer + endpoint.path, realm))
      }
      Object.assign(stated, ofRealm(realm), aliases(realm, stated))
      // RFC 9728 §4.
      stated.protected_resources = await advertisedResources(realm)
      // RFC 8414 §3.2: members without elements are left out.
      const shown = Object.entries(stated).filter(([, v]) => !Array.isArray(v) || v.length > 0)
      return cacheable(http, json(200, Object.fromEntries(shown)), keptFor)
    },
  }
}

/** What clients ask with a certificate (RFC 8705 §5; RFC 9126 §5 and OIDC Core §5.3 name two more). */
const aliased = [
  'token_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'pushed_authorization_request_endpoint',
  'userinfo_endpoint',
] as const

/** Where those are found with a certificate, in a realm that has an address of its own for that. */
function aliases(
  realm: Realm,
  stated: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (aliasOf(realm, realm.issuer) === undefined || !arrives(realm)) return {}
  const at = aliased.map((name) => [name, aliasOf(realm, String(stated[name]))])
  return { mtls_endpoint_aliases: Object.fromEntries(at) }
}

function ofRealm(realm: Realm): Readonly<Record<string, unknown>> {
  const { provider } = realm
  const scopes = provider.supportedScopes.map(scopeName)
  return {
    response_types_supported: servedResponseTypes(realm).map(({ name }) => name),
    response_modes_supported: Object.keys(responseModes),
    ...answerMetadata('authorization', termsOffered(realm).authorization_response),
    scopes_supported:
      scopes.length > 0 ? scopes : ['openid', 'profile', 'email', 'address', 'phone'],
    claims_supported: ['sub', ...userClaims],
    claims_parameter_supported: provider.claimsParameterSupported,
    ...requestObjects(realm),
    authorization_details_types_supported: termsOffered(realm).rich_authorization_requests
      ? [...realm.detailsTypes.keys()]
      : [],
    code_challenge_methods_supported: challengeMethods(termsOffered(realm)),
    subject_types_supported: ['public', 'pairwise'].filter((type) =>
      provider.supportedSubjectTypes.includes(type),
    ),
    id_token_signing_alg_values_supported: tokenAlgorithms(realm),
    ...answerMetadata('id_token', termsOffered(realm).id_token_encryption),
    acr_values_supported: servedAcrValues(realm),
    prompt_values_supported: ['none', 'login', 'consent'],
    ui_locales_supported: languages.map(({ lang }) => lang),
    authorization_response_iss_parameter_supported: true,
    ...remoteConsent(realm),
    // AM's own, which RFC 8414 does not know.
    ...(termsOffered(realm).extras && { version: '3.0' }),
  }
}

/** PingAM's own words for what its consent services are asked with, and answer with; where there are any. */
function remoteConsent(realm: Realm): Readonly<Record<string, unknown>> {
  if (!realm.provider.enableRemoteConsent) return {}
  const members = Object.entries(offeredAlgorithms(realm)).flatMap(
    ([what, { signing, alg, enc }]): [name: string, offered: readonly string[]][] => [
      [`rcs_${what}_signing_alg_values_supported`, signing],
      [`rcs_${what}_encryption_alg_values_supported`, alg],
      [`rcs_${what}_encryption_enc_values_supported`, enc],
    ],
  )
  return Object.fromEntries(members)
}

/** What every client of the realm's profile may have its ID tokens signed with; both names of Ed25519 (C-11). */
function tokenAlgorithms(realm: Realm): readonly string[] {
  const { token_algorithms } = termsOffered(realm)
  return [...signingAlgorithms, 'Ed25519'].filter((alg) => permits(token_algorithms, alg))
}

/** RFC 9101 §10.5, OIDC Discovery §3. */
function requestObjects(realm: Realm): Readonly<Record<string, unknown>> {
  const terms = termsOffered(realm)
  return {
    request_parameter_supported: true,
    // RFC 9126 §5: pushed ones work whatever this says.
    request_uri_parameter_supported: !terms.require_pushed,
    require_request_uri_registration: true,
    require_signed_request_object: terms.require_signed,
    request_object_signing_alg_values_supported: terms.request_object_signing,
    request_object_encryption_alg_values_supported: terms.request_object_encryption,
    request_object_encryption_enc_values_supported: terms.request_object_content,
  }
}
