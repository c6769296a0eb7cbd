/** The profiles there are. */
export const profileNames = ['ping', 'strict', 'fapi2'] as const

/**
 * What a client is held to, as data: one row of switches per profile. Code asks for a switch, never
 * for the name of a profile.
 */
export interface Profile {
  readonly name: (typeof profileNames)[number]
  /** Which audiences a client assertion may have: RFC 10070 (issuer), FAPI 2.0 (issuer-string), RFC 7523 (legacy). */
  readonly assertion_audience: 'legacy' | 'issuer' | 'issuer-string'
  /** What assertions may be signed with, of what a client registered. */
  readonly assertion_algorithms: readonly string[] | 'registered'
  /** What request objects may be signed with, of what is served (C-11). */
  readonly request_object_algorithms: readonly string[] | 'any'
  /** What tokens may be signed with; the first stands in for what was registered or set and is not among them. */
  readonly token_algorithms: readonly [string, ...string[]] | 'any'
  /**
   * `issuer`: must name the issuer, others may stand beside it; `legacy`: absent, or the issuer, the
   * token URL or the called one (C-1b).
   */
  readonly request_object_audience: 'legacy' | 'issuer'
  /** `setting`: the realm says whether `exp` and `nbf` are needed and how long they span; `hour`: both, one hour at most. */
  readonly request_object_times: 'setting' | 'hour'
  /** `setting`: PingAM's requestObjectProcessing decides; `jar`: what is in the object alone counts (RFC 9101 §6.3). */
  readonly request_object_processing: 'setting' | 'jar'
  /** Access tokens are tied to a key, of whichever kind, or not issued. */
  readonly sender_constrained: boolean
  /** What DPoP proofs may be signed with, of what is served. */
  readonly dpop_algorithms: readonly string[] | 'any'
  readonly auth_methods: readonly string[] | 'any'
  readonly public_clients: boolean
  /** Plain OAuth requests may use Basic and form secrets alike, as AM allows. */
  readonly mix_secret_methods: boolean
  readonly response_types: readonly string[] | 'registered'
  readonly require_redirect_uri: boolean
  readonly require_pushed: boolean
  /** `setting`: PingAM's codeVerifierEnforced decides; `always`: PKCE for everybody. */
  readonly pkce: 'setting' | 'always'
  /** Whether a client may be let use RFC 7636's `plain`. */
  readonly plain_challenge: boolean
  /** Any registered `http` redirect URI, or loopback only. */
  readonly http_redirect: boolean
  /** AM's extra members in redirects and tokens (`client_id`, `subname`, `realm`, …). */
  readonly extras: boolean
  readonly error_names: 'ping' | 'rfc'
  /** Which word the login page's button has: PingOne's, or the plain one. */
  readonly login_button: 'next' | 'submit'
  /** Revocation answers every failed authentication with 400, as AM documents it; else RFC 6749 §5.2. */
  readonly revoke_invalid_client: 400 | 'rfc'
  /** Status of invalid_client when no Authorization header was sent. */
  readonly invalid_client_status: 400 | 401
  /** Status of the final redirect that answers a POST. */
  readonly post_redirect: 302 | 303
  readonly rotate_refresh: boolean
  readonly implied_consent: boolean
  /** Whether pushed `csrf`, `decision`, `save_consent` may count. */
  readonly pushed_decision: boolean
  readonly raw_session_csrf: boolean
  /** AM's floor under `max_age`, the realm's `minMaxAge`. */
  readonly max_age_floor: boolean
  /** FAPI 1.0 Baseline §6.2.1: userinfo and other calls give back an `x-fapi-interaction-id` that was sent. */
  readonly interaction_id: boolean
  /** AM's tokeninfo: the access token may stand in the query (RFC 6750 §2.3, which OAuth 2.1 dropped). */
  readonly token_in_query: boolean
  /** AM's session check: `response_type=none` without `redirect_uri` is answered, not redirected. */
  readonly session_check: boolean
}

const ping: Profile = {
  name: 'ping',
  assertion_audience: 'legacy',
  request_object_algorithms: 'any',
  token_algorithms: 'any',
  request_object_audience: 'legacy',
  request_object_times: 'setting',
  request_object_processing: 'setting',
  sender_constrained: false,
  dpop_algorithms: 'any',
  auth_methods: 'any',
  public_clients: true,
  mix_secret_methods: true,
  assertion_algorithms: 'registered',
  response_types: 'registered',
  require_redirect_uri: false,
  require_pushed: false,
  pkce: 'setting',
  plain_challenge: true,
  http_redirect: true,
  extras: true,
  error_names: 'ping',
  login_button: 'next',
  revoke_invalid_client: 400,
  invalid_client_status: 400,
  post_redirect: 302,
  rotate_refresh: true,
  implied_consent: true,
  pushed_decision: true,
  raw_session_csrf: true,
  max_age_floor: true,
  interaction_id: false,
  token_in_query: true,
  session_check: true,
}

const strict: Profile = {
  ...ping,
  name: 'strict',
  assertion_audience: 'issuer',
  request_object_audience: 'issuer',
  request_object_processing: 'jar',
  mix_secret_methods: false,
  plain_challenge: false,
  http_redirect: false,
  extras: false,
  error_names: 'rfc',
  login_button: 'submit',
  revoke_invalid_client: 'rfc',
  invalid_client_status: 401,
  post_redirect: 303,
  pushed_decision: false,
  raw_session_csrf: false,
  max_age_floor: false,
  interaction_id: true,
  token_in_query: false,
  session_check: false,
}

/** FAPI 2.0 Security Profile §5.4.1. */
const fapi2Algorithms = ['ES256', 'PS256', 'EdDSA', 'Ed25519'] as const

const fapi2: Profile = {
  ...strict,
  name: 'fapi2',
  assertion_audience: 'issuer-string',
  request_object_algorithms: fapi2Algorithms,
  token_algorithms: fapi2Algorithms,
  request_object_times: 'hour',
  sender_constrained: true,
  dpop_algorithms: fapi2Algorithms,
  auth_methods: ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'],
  assertion_algorithms: fapi2Algorithms,
  public_clients: false,
  response_types: ['code'],
  require_redirect_uri: true,
  require_pushed: true,
  pkce: 'always',
  rotate_refresh: false,
  implied_consent: false,
}

/** The profiles by name. */
export const profiles = { ping, strict, fapi2 } as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof profiles
