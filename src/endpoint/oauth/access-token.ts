import { writeJson } from '../../base/exact-json.ts'
import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json, jsonHeaders } from '../../base/http.ts'
import { unbound } from '../../binding/binding.ts'
import { dpopAlgorithms } from '../../binding/dpop/dpop.ts'
import { bindsCertificates } from '../../binding/mtls.ts'
import { requireDetailsServed } from '../../client/details.ts'
import { servedAssertionAlgorithms, servedMethods } from '../../client/method/index.ts'
import { resourcesNamed } from '../../client/resource/requested.ts'
import { servedResponseTypes } from '../../client/response-types.ts'
import { termsOf, termsOffered } from '../../client/terms.ts'
import { OAuthError } from '../../protocol/error.ts'
import { notServed } from '../../protocol/unserved-parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import type { AssertionGrant, GrantType } from '../../token/grant-type/grant-type.ts'
import { assertionGrants, grantTypes } from '../../token/grant-type/index.ts'
import type { TokenResponse } from '../../token/issue.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import type { ClientCall } from './client-call.ts'
import { clientCall, proofIn } from './client-call.ts'
import { requireBinding, tokenBinding } from './token-binding.ts'

/** Token endpoint, RFC 6749 §3.2. */
export const accessToken: Endpoint = {
  path: '/access_token',
  under: 'oauth2',
  methods: ['POST'],
  errors: 'oauth',
  cors: true,
  metadata: (url, realm) => ({
    token_endpoint: url,
    token_endpoint_auth_methods_supported: servedMethods(realm),
    token_endpoint_auth_signing_alg_values_supported: servedAssertionAlgorithms(realm),
    grant_types_supported: servedGrantTypes(realm),
    dpop_signing_alg_values_supported: dpopAlgorithms(termsOffered(realm)),
    ...(bindsCertificates(realm) && { tls_client_certificate_bound_access_tokens: true }),
  }),

  handle: clientCall({
    spends: true,
    before: (_, { query }) => refuseCredentialsInQuery(query),
    instead: byAssertion,
    async answer(realm, call) {
      const grantType = askedGrantType(realm, call)
      const { form, client } = call
      if (form.has('authorization_details')) requireDetailsServed(realm, client)
      const asking = bound(realm, call)
      const resource = resourcesNamed(form)
      return answerOf(await grantType.grant(realm, { ...asking, resource }))
    },
  }),
}

/** Grants of assertions that prove whoever they name; a proof of possession beside one is not passed over. */
function byAssertion(
  realm: Realm,
  http: HttpRequest,
  form: Form,
): Promise<HttpResponse> | undefined {
  const asked = assertionGrants.find((grant) => grant.isAsked(realm, form))
  if (asked === undefined) return undefined
  return grantByAssertion(asked, realm, http, form)
}

async function grantByAssertion(
  asked: AssertionGrant,
  realm: Realm,
  http: HttpRequest,
  form: Form,
): Promise<HttpResponse> {
  const terms = termsOffered(realm)
  const proven = await proofIn(http)?.prove(realm, http, { terms })
  refuseUnserved(form)
  const binding = tokenBinding(realm, http, terms, proven?.binding ?? unbound)
  const proof = proven?.singleUse
  const resource = resourcesNamed(form)
  const response = await asked.grant(realm, { http, form, binding, proof, resource })
  return json(200, response, proven?.headers)
}

function askedGrantType(realm: Realm, { form, client }: ClientCall): GrantType {
  const name = form.get('grant_type')
  if (name === undefined)
    throw new OAuthError('invalid_request', missing(form), { why: 'grant-type-missing' })
  const grantType = grantTypes.find((g) => g.name === name)
  if (grantType === undefined || !termsOffered(realm).grant_types.includes(name)) {
    throw new OAuthError('unsupported_grant_type', 'Grant type is not supported', {
      why: 'grant-type-unknown',
    })
  }
  if (!termsOf(realm, client).grant_types.includes(name)) {
    throw new OAuthError(
      'unauthorized_client',
      'The client is not authorized to use this grant type.',
      { why: 'grant-type-unregistered' },
    )
  }
  return grantType
}

/** PingAM's words: all that a code exchange lacks, since nothing says that it is another grant. */
function missing(form: Form): string {
  const wanted = form.has('refresh_token') ? ['grant_type'] : ['grant_type', 'code', 'redirect_uri']
  return `Missing parameters: ${wanted.filter((name) => !form.has(name)).join(' ')}`
}

/** The call with what its tokens are tied to, which is as its client's terms want it. */
function bound(realm: Realm, call: ClientCall): ClientCall {
  const terms = termsOf(realm, call.client)
  if (terms.required_binding === 'none' && terms.watched === undefined) return call
  requireBinding(realm, call.http, terms, call.binding)
  return { ...call, binding: tokenBinding(realm, call.http, terms, call.binding) }
}

/** Details are handed on to the byte. */
function answerOf(response: TokenResponse): HttpResponse {
  const { authorization_details: exact } = response
  return exact === undefined
    ? json(200, response)
    : { status: 200, headers: jsonHeaders, body: writeJson(response) }
}

/** RFC 9396 §6: a token for other than what was asked is worse than none, whatever the grant. */
function refuseUnserved(form: Form): void {
  if (form.has('authorization_details')) throw notServed('authorization_details')
}

/** RFC 6749 §2.3.1: credentials are never in the URI. */
function refuseCredentialsInQuery(query: string): void {
  if (
    /(?:^|&)(?:client_secret|client_assertion|assertion|code|refresh_token|password)=/.test(query)
  ) {
    throw new OAuthError('invalid_request', 'Credentials must not be in the URI.', {
      why: 'credentials-in-uri',
    })
  }
}

/** What this endpoint and, for `implicit`, the authorization endpoint grant in a realm. */
function servedGrantTypes(realm: Realm): readonly string[] {
  const atAuthorize = servedResponseTypes(realm).flatMap(({ grants }) => grants)
  const names = grantTypes.map(({ name }) => name)
  return [...names, ...(atAuthorize.includes('implicit') ? ['implicit'] : [])].filter((name) =>
    termsOffered(realm).grant_types.includes(name),
  )
}
