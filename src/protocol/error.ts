/**
 * protocol: the documents as data (errors, parameters, metadata, response types). Pure: no clock, no
 * network, no store.
 */

import type { Refusal } from '../base/trace.ts'
import type { ReasonName } from './reason/index.ts'

/** Error codes, the status they have in a JSON answer, and where they come from. */
export const errors = {
  invalid_request: { status: 400, spec: 'RFC 6749 §5.2' },
  invalid_client: { status: 400, spec: 'RFC 6749 §5.2' },
  invalid_grant: { status: 400, spec: 'RFC 6749 §5.2' },
  unauthorized_client: { status: 400, spec: 'RFC 6749 §5.2' },
  unsupported_grant_type: { status: 400, spec: 'RFC 6749 §5.2' },
  invalid_scope: { status: 400, spec: 'RFC 6749 §5.2' },
  access_denied: { status: 403, spec: 'RFC 6749 §4.1.2.1' },
  unsupported_response_type: { status: 400, spec: 'RFC 6749 §4.1.2.1' },
  server_error: { status: 500, spec: 'RFC 6749 §4.1.2.1' },
  temporarily_unavailable: { status: 503, spec: 'RFC 6749 §4.1.2.1' },
  invalid_token: { status: 401, spec: 'RFC 6750 §3.1' },
  insufficient_scope: { status: 403, spec: 'RFC 6750 §3.1' },
  unsupported_token_type: { status: 400, spec: 'RFC 7009 §2.2.1' },
  invalid_target: { status: 400, spec: 'RFC 8707 §2' },
  invalid_authorization_details: { status: 400, spec: 'RFC 9396 §5' },
  invalid_dpop_proof: { status: 400, spec: 'RFC 9449 §5' },
  use_dpop_nonce: { status: 400, spec: 'RFC 9449 §8' },
  invalid_request_object: { status: 400, spec: 'RFC 9101 §7' },
  invalid_request_uri: { status: 400, spec: 'RFC 9101 §7' },
  request_not_supported: { status: 400, spec: 'OIDC Core §3.1.2.6' },
  request_uri_not_supported: { status: 400, spec: 'OIDC Core §3.1.2.6' },
  login_required: { status: 400, spec: 'OIDC Core §3.1.2.6' },
  consent_required: { status: 400, spec: 'OIDC Core §3.1.2.6' },
  interaction_required: { status: 400, spec: 'OIDC Core §3.1.2.6' },
  registration_not_supported: { status: 400, spec: 'OIDC Core §3.1.2.6' },
  unmet_authentication_requirements: {
    status: 400,
    spec: 'OIDC Unmet Authentication Requirements §2',
  },
  bad_request: { status: 400, spec: 'PingAM: oauth2-authorize-endpoint' },
  redirect_uri_mismatch: { status: 400, spec: 'PingAM: oauth2-authorize-endpoint' },
  invalid_resource_uri: { status: 400, spec: 'PingAM: release notes OPENAM-22465' },
  method_not_allowed: { status: 405, spec: 'RFC 9110 §15.5.6' },
  not_found: { status: 404, spec: 'RFC 9110 §15.5.5' },
  payload_too_large: { status: 413, spec: 'RFC 9110 §15.5.14' },
  unsupported_media_type: { status: 415, spec: 'RFC 9110 §15.5.16' },
  too_many_requests: { status: 429, spec: 'RFC 6585 §4' },
} as const satisfies Record<string, { status: number; spec: string }>

export type ErrorCode = keyof typeof errors

/** What a page says where the code of an error says too little. */
export type Fate = 'spent' | 'expired' | 'address' | FateHere

/** What concerns the user, who goes on here and not at the application. */
type FateHere = (typeof fatesHere)[number]

const fatesHere = ['session', 'answered', 'answer', 'way', 'first'] as const

/** Whether it is one of those. */
export function goesOnHere(fate: Fate | undefined): fate is FateHere {
  return fatesHere.some((each) => each === fate)
}

export interface ErrorDetail {
  /** Which rule it is that was not met: a row of `reason/index.ts`. */
  readonly why?: ReasonName
  /** In which way what was sent differs from what it should be, without any of its values. */
  readonly differs?: string
  /** For the log only: what an operator should know. */
  readonly reason?: string
  readonly cause?: unknown
  /** Overrides the table's status. */
  readonly status?: number
  /** More response headers: `retry-after`, `allow`, `www-authenticate`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Name of the offending parameter, for the page. */
  readonly parameter?: string
  /**
   * What the page says where the code says too little: what became of a request_uri that does not work
   * any more, of a session or of what a remote consent service answered, that it is the address which is not registered,
   * that there is no such way to log in, or that one is for whoever is logged in already.
   */
  readonly fate?: Fate
  /** Where the page links back to; already proven to be the client's. */
  readonly back?: string
  /** What that client is called, as it registered it: `name` or `locale|name`. Absent: its address says it. */
  readonly backTo?: readonly string[]
  /** Languages of the page, the preferred first; absent: as the URL says. */
  readonly locales?: readonly string[]
}

/**
 * The one error that reaches the wire as itself. `description` is the public text and is cleaned to
 * the characters RFC 6749 §5.2 allows; everything else becomes `server_error`.
 */
export class OAuthError extends Error {
  readonly code: ErrorCode
  readonly description: string
  readonly detail: ErrorDetail

  constructor(code: ErrorCode, description: string, detail: ErrorDetail = {}) {
    super(`${code}: ${description}`, { cause: detail.cause })
    this.name = 'OAuthError'
    this.code = code
    this.description = allowedText(description)
    this.detail = detail
  }

  get status(): number {
    return this.detail.status ?? errors[this.code].status
  }
}

/** The error as it is told to whoever watches: a description that holds what somebody sent has a reason beside it, which does not. */
export function refusalOf({ code, description, detail }: OAuthError): Refusal {
  const { why, parameter, differs, reason = description } = detail
  return { code, why, parameter, differs, reason }
}

/** PingAM's own words for what RFC 6749 calls invalid_request. */
const pingNames: ReadonlySet<ErrorCode> = new Set(['bad_request', 'redirect_uri_mismatch'])

/** The error as the RFCs name it (C-18), for profiles that do not speak AM's words. */
export function asRfcError(error: OAuthError): OAuthError {
  if (!pingNames.has(error.code)) return error
  return new OAuthError('invalid_request', error.description, error.detail)
}

/** RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E; the rest becomes `?`. */
function allowedText(text: string): string {
  return text.slice(0, 512).replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
}
