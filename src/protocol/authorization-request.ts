import type { Parameter, Values } from './parameter.ts'
import {
  bounded,
  jsonObject,
  pattern,
  plain,
  scopeTokens,
  seconds,
  wishes,
  word,
} from './parameter.ts'
import type { ResponseType } from './response-type.ts'
import { resourceParameter } from './value/resource.ts'

/** Every parameter of an authorization request (RFC 6749 §4.1.1, OIDC Core §3.1.2.1, RFC 7636 §4.3, PingAM: oauth2-par-endpoint). */
export const authorizationRequest = {
  response_type: { spec: 'RFC 6749 §3.1.1', read: bounded(256), kept: 'decided' },
  redirect_uri: { spec: 'RFC 6749 §3.1.2', read: plain, kept: 'decided' },
  scope: {
    spec: 'RFC 6749 §3.3',
    kept: 'decided',
    read: scopeTokens,
    error: 'invalid_scope',
    why: 'scope-malformed',
    says: () => 'The scope is malformed.',
  },
  state: { spec: 'RFC 6749 §4.1.1', read: bounded(8192), kept: 'as sent' },
  nonce: { spec: 'OIDC Core §3.1.2.1', read: bounded(2048), kept: 'as sent' },
  code_challenge: {
    spec: 'RFC 7636 §4.2',
    kept: 'decided',
    read: pattern(/^[\w.~-]{43,128}$/),
    why: 'code-challenge-malformed',
    says: () => 'Invalid value for code_challenge',
  },
  code_challenge_method: {
    spec: 'RFC 7636 §4.3',
    kept: 'decided',
    read: word('S256', 'plain'),
    why: 'code-challenge-method-unknown',
    says: () => 'Invalid value for code_challenge_method',
  },
  prompt: {
    spec: 'OIDC Core §3.1.2.1',
    kept: 'decided',
    read: prompts,
    error: 'bad_request',
    why: 'prompt-malformed',
    says: (text) => `Prompt parameter ${text} is invalid or unsupported`,
  },
  max_age: {
    spec: 'OIDC Core §3.1.2.1',
    read: seconds,
    json: 'number',
    kept: 'decided',
    why: 'max-age-malformed',
  },
  login_hint: { spec: 'OIDC Core §3.1.2.1', read: plain, kept: 'as sent' },
  id_token_hint: { spec: 'OIDC Core §3.1.2.1', read: plain, kept: 'no' },
  ui_locales: { spec: 'OIDC Core §3.1.2.1', read: plain, kept: 'as sent' },
  acr_values: { spec: 'OIDC Core §3.1.2.1', read: wishes, kept: 'decided' },
  claims: {
    spec: 'OIDC Core §5.5',
    kept: 'decided',
    read: jsonObject,
    json: 'object',
    error: 'bad_request',
    why: 'claims-malformed',
    says: () => 'Invalid JSON in supplied claims parameter.',
  },
  response_mode: {
    spec: 'OAuth 2.0 Multiple Response Types §2.1',
    kept: 'decided',
    why: 'response-mode-unknown',
    read: word(
      'query',
      'fragment',
      'form_post',
      'jwt',
      'query.jwt',
      'fragment.jwt',
      'form_post.jwt',
    ),
  },
  service: { spec: 'PingAM: oauth2-parameters', read: bounded(256), kept: 'as sent' },
  csrf: { spec: 'PingAM: oauth2-parameters', read: plain, kept: 'no' },
  decision: { spec: 'PingAM: oauth2-parameters', read: plain, kept: 'no' },
  save_consent: { spec: 'PingAM: oauth2-parameters', read: plain, kept: 'no' },
  request: { spec: 'RFC 9101 §5', read: plain, kept: 'no' },
  request_uri: { spec: 'RFC 9101 §5', read: plain, kept: 'no' },
  authorization_details: { spec: 'RFC 9396 §2', read: plain, json: 'array', kept: 'decided' },
  resource: resourceParameter,
  dpop_jkt: {
    spec: 'RFC 9449 §10',
    kept: 'as sent',
    read: pattern(/^[\w-]{43}$/),
    why: 'dpop-jkt-malformed',
  },
  registration: { spec: 'OIDC Core §7.2.1', read: plain, kept: 'no' },
} as const satisfies Readonly<Record<string, Parameter<unknown> & Kept>>

/**
 * Whether the stored request has it: as it was sent, and then its row is all that is to write; as a rule
 * decided it, and then it is a member of `Decided`; or not, since it is refused or was used up.
 */
interface Kept {
  readonly kept: 'as sent' | 'decided' | 'no'
}

type Table = typeof authorizationRequest

/** Names of the parameters that are kept so. */
type NamesKept<W extends Kept['kept']> = {
  [K in keyof Table]: Table[K]['kept'] extends W ? K : never
}[keyof Table]

export type KeptAsSent = NamesKept<'as sent'>

export type KeptDecided = NamesKept<'decided'>

/** The parameters that a stored request has as they were sent, in the table's order. */
export const keptAsSent: readonly KeptAsSent[] = Object.entries(authorizationRequest).flatMap(
  ([name, { kept }]) => (kept === 'as sent' ? [name as KeptAsSent] : []),
)

/** What may stand beside `request` and never becomes an authorization parameter (RFC 9126 §2.1). */
export const clientAuthenticationParameters: ReadonlySet<string> = new Set([
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
])

/** Typed values as they were sent. */
export type AuthorizationParameters = Values<typeof authorizationRequest>

/** The claims request (OIDC Core §5.5), own members only. */
export type Prompt = 'none' | 'login' | 'consent'

declare const validated: unique symbol

/** A validated authorization request: made only by `authorization/request.ts`. */
export interface AuthorizationRequest
  extends Decided,
    Readonly<Pick<AuthorizationParameters, KeptAsSent>> {
  readonly [validated]: true
}

/** What the rules made of the parameters, and what was proven beside them. */
interface Decided extends Partial<Record<KeptDecided, unknown>> {
  readonly client_id: string
  readonly response_type: ResponseType['name']
  /** Where the answer goes: the one sent, or the only one registered. */
  readonly redirect_uri: string
  /** RFC 6749 §4.1.3: whether the token request must repeat it. */
  readonly redirect_uri_sent: boolean
  readonly response_mode: NonNullable<AuthorizationParameters['response_mode']>
  readonly scope: readonly string[]
  readonly code_challenge?: string
  readonly code_challenge_method?: 'S256' | 'plain'
  readonly prompt: readonly Prompt[]
  readonly max_age?: number
  /** `sub` of a verified id_token_hint. */
  readonly hint_sub?: string
  /** Seconds: when that was signed. */
  readonly hint_iat?: number
  /** acr values wanted, in the order of preference. */
  readonly acr_values: readonly string[]
  /** An essential `acr` of the claims request. */
  readonly acr_essential: boolean
  /** Absent where the realm does not look at it. */
  readonly claims?: AuthorizationParameters['claims']
  /** Each object as it was sent, to the byte (RFC 9396 §2). */
  readonly authorization_details?: readonly string[]
  readonly decision?: PushedDecision
  /** Identifiers of the resources it is for (RFC 8707); absent: none was named. */
  readonly resource?: readonly string[]
  /** Thumbprint of the key that signed the request object, or `secret`; absent if there was none. */
  readonly signed_by?: string
}

/** C-16: a decision that was pushed, with a keyed hash of the session token it must be proven by. */
export interface PushedDecision {
  readonly allow: boolean
  readonly save: boolean
  readonly csrf_hash: string
}

function prompts(text: string): readonly Prompt[] | undefined {
  const list = text.split(' ')
  if (!list.every(isPrompt) || new Set(list).size !== list.length) return undefined
  return list.includes('none') && list.length > 1 ? undefined : list
}

function isPrompt(word: string): word is Prompt {
  return word === 'none' || word === 'login' || word === 'consent'
}
