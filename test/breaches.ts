/** One request for each requirement that may be watched: it breaks that one, and nothing else. */
import type { HttpRequest, HttpResponse } from '../src/base/http.ts'
import type { ReasonName } from '../src/protocol/reason/index.ts'
import type { RequirementName } from '../src/protocol/value/requirement.ts'
import { assertion, goodClaims, keySet, proof, type Signer, signer } from './assertion.ts'
import { postProof, proofKey } from './dpop.ts'
import { authorizeUrl } from './flow.ts'
import type { Apart } from './register.ts'
import { redirect_uri, register, secret } from './register.ts'
import { objectClaims, signed } from './request-object.ts'
import type { World } from './world.ts'
import { base, basic, challenge, requestOf } from './world.ts'

/** A requirement, how a client demands it, and a request that breaks it. */
export interface Breaching {
  readonly demanded: Apart
  readonly request: (w: World, client_id: string) => Promise<HttpRequest>
  /** The error, its reason, and where it is counted. */
  readonly error: string
  readonly why: ReasonName
  readonly endpoint: '/par' | '/authorize' | '/access_token'
}

const good = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

const es256 = await signer('ES256')
const rs256 = await signer('RS256')
const key = await proofKey('RS256')

const fapi2: Apart = { own: { profile: 'fapi2' } }

/** A client that signs with either key. */
function signing(own: Apart['own'] = {}, alg = 'ES256'): Apart {
  return {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: {
      publicKeyLocation: 'jwks',
      jwkSet: keySet(es256, rs256),
      tokenEndpointAuthSigningAlgorithm: alg,
    },
    own,
  }
}

function byBasic(
  path: string,
  client_id: string,
  form: Readonly<Record<string, string>>,
  more = {},
) {
  const headers = { authorization: basic(client_id, secret), ...more }
  return requestOf('POST', base + path, { form, headers })
}

function byAssertion(w: World, by: Signer, client_id: string, aud = base, form = good) {
  const claims = goodClaims(client_id, aud, w.clock.now)
  return requestOf('POST', `${base}/par`, { form: { ...form, ...proof(assertion(by, claims)) } })
}

function pushedObject(w: World, by: Signer, client_id: string, aud: string) {
  const request = signed(by, objectClaims(w, client_id, { aud, exp: w.clock.now + 60 }))
  const claims = goodClaims(client_id, base, w.clock.now)
  const form = { request, ...proof(assertion(es256, claims)) }
  return requestOf('POST', `${base}/par`, { form })
}

export const breaching: Readonly<Record<RequirementName, Breaching>> = {
  require_pushed: {
    demanded: { advanced: { require_pushed_authorization_requests: true } },
    request: async (_, client_id) => requestOf('GET', authorizeUrl({ ...good, client_id })),
    ...{ error: 'invalid_request', why: 'push-required', endpoint: '/authorize' },
  },
  require_signed: {
    demanded: { own: { require_signed_request_object: true } },
    request: async (_, client_id) => byBasic('/par', client_id, good),
    ...{ error: 'invalid_request', why: 'object-required', endpoint: '/par' },
  },
  require_challenge: {
    demanded: { own: { codeVerifierEnforced: 'true' } },
    async request(_, client_id) {
      const { response_type, scope } = good
      return byBasic('/par', client_id, { response_type, redirect_uri, scope })
    },
    ...{ error: 'invalid_request', why: 'code-challenge-missing', endpoint: '/par' },
  },
  require_signed_response: {
    demanded: { own: { require_signed_authorization_response: true } },
    request: async (_, client_id) => byBasic('/par', client_id, good),
    ...{ error: 'invalid_request', why: 'jwt-response-required', endpoint: '/par' },
  },
  required_binding: {
    demanded: { own: { dpopBoundAccessTokens: true } },
    async request(_, client_id) {
      const form = { grant_type: 'client_credentials', scope: 'write' }
      return byBasic('/access_token', client_id, form)
    },
    ...{ error: 'invalid_request', why: 'proof-required', endpoint: '/access_token' },
  },
  auth_methods: {
    demanded: fapi2,
    request: async (_, client_id) => byBasic('/par', client_id, good),
    ...{ error: 'invalid_client', why: 'client-method-other', endpoint: '/par' },
  },
  assertion_algorithms: {
    demanded: signing({ profile: 'fapi2' }, 'RS256'),
    request: async (w, client_id) => byAssertion(w, rs256, client_id),
    ...{ error: 'invalid_client', why: 'assertion-alg', endpoint: '/par' },
  },
  assertion_audience: {
    demanded: signing({ profile: 'fapi2' }),
    request: async (w, client_id) => byAssertion(w, es256, client_id, `${base}/access_token`),
    ...{ error: 'invalid_client', why: 'assertion-aud', endpoint: '/par' },
  },
  request_object_signing: {
    demanded: signing({ profile: 'fapi2' }),
    request: async (w, client_id) => pushedObject(w, rs256, client_id, base),
    ...{ error: 'invalid_request_object', why: 'request-object-alg', endpoint: '/par' },
  },
  request_object_audience: {
    demanded: signing({ profile: 'fapi2' }),
    request: async (w, client_id) => pushedObject(w, es256, client_id, `${base}/access_token`),
    ...{ error: 'invalid_request_object', why: 'request-object-aud', endpoint: '/par' },
  },
  dpop_algorithms: {
    demanded: signing({ profile: 'fapi2' }),
    async request(w, client_id) {
      const http = byAssertion(w, es256, client_id)
      return { ...http, headers: { ...http.headers, dpop: postProof(w, key, '/par') } }
    },
    ...{ error: 'invalid_dpop_proof', why: 'dpop-alg', endpoint: '/par' },
  },
}

/** Registers a client that demands it, or for which it is only watched. */
export function registerBreaching(
  w: World,
  client_id: string,
  { demanded }: Breaching,
  observedRequirements: readonly string[] = [],
): Promise<void> {
  const own = { codeVerifierEnforced: '', ...demanded.own, observedRequirements }
  return register(w, client_id, { ...demanded, own })
}

/** The error of an answer, wherever it stands: in a body, or on its way to the client. */
export function errorOf({ status, headers, body }: HttpResponse): string | undefined {
  const location = headers.location
  if (location !== undefined)
    return new URL(String(location), base).searchParams.get('error') ?? undefined
  return status < 400 ? undefined : String((JSON.parse(String(body)) as { error: string }).error)
}
