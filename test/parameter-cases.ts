/** The parameters of an authorization request as the product's table has them, with what becomes of each. */
import { challenge } from './world.ts'

export type Changes = Readonly<Record<string, string | undefined>>

/** A push that is refused, in PingAM's words. */
export interface Refusal {
  readonly check: string
  readonly changes: Changes
  readonly error: string
  readonly says: string
  readonly client?: string
}

const unregistered = 'The redirection URI provided does not match a pre-registered value.'
const badMethod = 'Invalid value for code_challenge_method'
const noChallenge = "Missing parameter, 'code_challenge'"
const notSupported = 'Response type is not supported.'
const notThisClient = 'Client does not support this response type.'
const notGranted =
  'The client is not authorized to request an authorization code using this method.'
const noNonce = 'Missing required parameter nonce from request'
const openid = { response_type: 'id_token', scope: 'openid', nonce: 'n' }

/** PingAM: oauth2-par-endpoint and what its forebears say word for word. */
export const refusals: readonly Refusal[] = [
  {
    check: 'C-4, R-7 an unregistered redirect_uri',
    changes: { redirect_uri: 'https://evil.example/cb' },
    error: 'redirect_uri_mismatch',
    says: unregistered,
  },
  {
    check: 'OA-7 no redirect_uri where several are registered',
    changes: { redirect_uri: undefined },
    error: 'invalid_request',
    says: 'Missing parameter: redirect_uri',
    client: 'two',
  },
  {
    check: 'OA-6 no response_type',
    changes: { response_type: undefined },
    error: 'invalid_request',
    says: 'Missing parameter, response_type',
  },
  {
    check: 'OA-6 a response_type nobody serves',
    changes: { response_type: 'telepathy' },
    error: 'unsupported_response_type',
    says: notSupported,
  },
  {
    check: 'OA-6 a repeated word in response_type',
    changes: { response_type: 'code code' },
    error: 'unsupported_response_type',
    says: notSupported,
  },
  {
    check: 'C-10 a response_type not registered for the client',
    changes: openid,
    error: 'unsupported_response_type',
    says: notThisClient,
    client: 'code only',
  },
  {
    check: 'C-10 no grant for the response_type',
    changes: {},
    error: 'unauthorized_client',
    says: notGranted,
    client: 'no grants',
  },
  {
    check: 'C-17 a scope the client does not have is named',
    changes: { scope: 'write x' },
    error: 'invalid_scope',
    says: 'Unknown/invalid scope(s): [x]',
  },
  {
    check: 'C-17 several are',
    changes: { scope: 'y write x' },
    error: 'invalid_scope',
    says: 'Unknown/invalid scope(s): [y, x]',
  },
  {
    check: 'OA-10 no scope and no default',
    changes: { scope: undefined },
    error: 'invalid_scope',
    says: 'No scope requested and no default scope configured',
  },
  {
    check: 'RFC 6749 §3.3 two spaces in scope',
    changes: { scope: 'write  openid' },
    error: 'invalid_scope',
    says: 'The scope is malformed.',
  },
  {
    check: 'RFC 6749 §3.3 a quote in scope',
    changes: { scope: 'write"' },
    error: 'invalid_scope',
    says: 'The scope is malformed.',
  },
  {
    check: 'T-9 a Unicode space in scope',
    changes: { scope: 'write\u00a0openid' },
    error: 'invalid_scope',
    says: 'The scope is malformed.',
  },
  {
    check: 'OIDC Core §3.2.2.1 an ID token without openid',
    changes: { ...openid, scope: 'write' },
    error: 'invalid_request',
    says: 'Missing expected scope=openid from request',
  },
  {
    check: 'OIDC-23 no nonce for id_token',
    changes: { ...openid, nonce: undefined },
    error: 'invalid_request',
    says: noNonce,
  },
  {
    check: 'OIDC-23 no nonce for code id_token',
    changes: { ...openid, response_type: 'code id_token', nonce: undefined },
    error: 'invalid_request',
    says: noNonce,
  },
  {
    check: 'OIDC Core §3 the bare type token with openid',
    changes: { response_type: 'token', scope: 'openid' },
    error: 'unsupported_response_type',
    says: notSupported,
  },
  ...['select_account', 'none login', 'login login', 'Login', 'create'].map((prompt) => ({
    check: `OIDC Core §3.1.2.1 prompt ${prompt}`,
    changes: { prompt },
    error: 'bad_request',
    says: `Prompt parameter ${prompt} is invalid or unsupported`,
  })),
  ...['{', '[]', '"x"', '{"id_token":1}', '{"userinfo":{"name":1}}', '{"a":1,"a":2}'].map(
    (claims) => ({
      check: `C-13, OIDC Core §5.5 claims ${claims}`,
      changes: { claims },
      error: 'bad_request',
      says: 'Invalid JSON in supplied claims parameter.',
    }),
  ),
  {
    check: 'PKCE-6, C-12 no code_challenge',
    changes: { code_challenge: undefined, code_challenge_method: undefined },
    error: 'invalid_request',
    says: noChallenge,
  },
  {
    check: 'PKCE-6 a method alone',
    changes: { code_challenge: undefined },
    error: 'invalid_request',
    says: noChallenge,
  },
  {
    check: 'PKCE-7 a method nobody serves',
    changes: { code_challenge_method: 'S512' },
    error: 'invalid_request',
    says: badMethod,
  },
  {
    check: 'PKCE-7 another case',
    changes: { code_challenge_method: 's256' },
    error: 'invalid_request',
    says: badMethod,
  },
  {
    check: 'K-2, C-12 plain',
    changes: { code_challenge_method: 'plain' },
    error: 'invalid_request',
    says: 'The code_challenge_method plain is not allowed: S256 is required',
  },
  {
    check: 'K-2, PKCE-3 no method means plain',
    changes: { code_challenge_method: undefined },
    error: 'invalid_request',
    says: "Missing parameter, 'code_challenge_method': without it plain is meant, and S256 is required",
  },
  ...[challenge.slice(1), 'a'.repeat(129), `${challenge.slice(1)}=`, `${challenge}é`].map((c) => ({
    check: `PKCE-1 a code_challenge of ${c.length} characters ending in ${c.slice(-1)}`,
    changes: { code_challenge: c },
    error: 'invalid_request',
    says: 'Invalid value for code_challenge',
  })),
  ...Object.entries({
    max_age: '-1',
    acr_values: 'a\0b',
    response_mode: 'smoke',
    service: 'NoSuchJourney',
    id_token_hint: 'a.b.c',
    nonce: 'n\0',
    login_hint: '\0',
    state: 's'.repeat(8193),
  }).map(([name, value]) => ({
    check: `RFC 9126 §2.1 a malformed ${name}`,
    changes: { [name]: value },
    error: 'invalid_request',
    says: `Invalid parameter ${name}`,
  })),
  {
    check: 'OAuth 2.0 Multiple Response Types §5 a token in a query',
    changes: { ...openid, response_mode: 'query' },
    error: 'invalid_request',
    says: 'Invalid parameter response_mode',
  },
]

/** A push that is accepted: what is sent beyond a good one, and what the record holds of it. */
export interface Acceptance {
  readonly check: string
  readonly changes: Changes
  readonly holds: Readonly<Record<string, unknown>>
  readonly client?: string
}

const long = 'v'.repeat(2000)

/** PingAM: oauth2-par-endpoint, every row of its table. */
export const acceptances: readonly Acceptance[] = [
  { check: 'response_type', changes: { response_type: 'code' }, holds: { response_type: 'code' } },
  {
    check: 'response_type in another order',
    changes: { response_type: 'id_token code', scope: 'openid', nonce: 'n' },
    holds: { response_type: 'code id_token', response_mode: 'fragment' },
  },
  { check: 'redirect_uri', changes: {}, holds: { redirect_uri_sent: true } },
  {
    check: 'no redirect_uri',
    changes: { redirect_uri: undefined },
    holds: { redirect_uri_sent: false },
  },
  { check: 'scope', changes: { scope: 'write openid' }, holds: { scope: ['write', 'openid'] } },
  {
    check: 'no scope',
    changes: { scope: undefined },
    holds: { scope: ['write'] },
    client: 'defaults',
  },
  { check: 'state', changes: { state: `~${long} é&=+%20` }, holds: { state: `~${long} é&=+%20` } },
  ...(['query.jwt', 'fragment.jwt', 'form_post.jwt'] as const).map((response_mode) => ({
    check: `response_mode ${response_mode}`,
    changes: { response_mode },
    holds: { response_mode },
  })),
  {
    check: 'response_mode jwt',
    changes: { response_mode: 'jwt' },
    holds: { response_mode: 'query.jwt' },
  },
  { check: 'nonce', changes: { nonce: 'n-0S6_WzA2Mj' }, holds: { nonce: 'n-0S6_WzA2Mj' } },
  { check: 'code_challenge', changes: {}, holds: { code_challenge: challenge } },
  { check: 'code_challenge_method', changes: {}, holds: { code_challenge_method: 'S256' } },
  {
    check: 'acr_values nobody maps',
    changes: { acr_values: 'gold silver' },
    holds: { acr_values: ['gold', 'silver'], acr_essential: false },
  },
  ...['gold gold silver gold', 'gold silver ', ' gold  silver'].map((acr_values) => ({
    check: `OIDC Core §3.1.2.1 acr_values are wishes, however they are spaced: '${acr_values}'`,
    changes: { acr_values },
    holds: { acr_values: ['gold', 'silver'], acr_essential: false },
  })),
  {
    check: 'claims',
    changes: { claims: '{"userinfo":{"name":null}}' },
    holds: { claims: { userinfo: { name: null } } },
  },
  {
    check: 'prompt',
    changes: { prompt: 'login consent' },
    holds: { prompt: ['login', 'consent'] },
  },
  { check: 'login_hint', changes: { login_hint: 'démo' }, holds: { login_hint: 'démo' } },
  { check: 'max_age', changes: { max_age: '300' }, holds: { max_age: 300 } },
  { check: 'ui_locales', changes: { ui_locales: 'de en' }, holds: { ui_locales: 'de en' } },
  { check: 'service', changes: { service: 'Password' }, holds: { service: 'Password' } },
  {
    check: 'response_mode',
    changes: { response_mode: 'form_post' },
    holds: { response_mode: 'form_post' },
  },
  { check: 'csrf alone', changes: { csrf: 'token' }, holds: { decision: undefined } },
  {
    check: 'empty values',
    changes: { state: '', nonce: '', max_age: '', prompt: '', claims: '' },
    holds: { state: undefined, nonce: undefined, max_age: undefined, prompt: [] },
  },
  { check: 'names nobody knows', changes: { display: 'page', x: 'y' }, holds: { x: undefined } },
]
