import type { JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Terms } from '../client/terms.ts'
import type { AuthorizationRequest, Prompt } from '../protocol/authorization-request.ts'
import type { ErrorCode } from '../protocol/error.ts'
import type { ReasonName } from '../protocol/reason/index.ts'
import type { Realm } from '../realm/realm.ts'
import type { Session } from '../session/session.ts'
import { isSubjectWanted } from '../user/claims.ts'
import { mappedAcr } from './acr.ts'
import { isActive } from './active-login.ts'

/** All that a decision depends on. */
export interface Situation {
  readonly request: AuthorizationRequest
  readonly terms: Pick<Terms, 'error_names'>
  /** The journey by which this client's users always log in; empty when it has none of its own. */
  readonly tree: string
  /** `prompt` on the URL beside a request_uri; of an unpushed request it is part of the request. */
  readonly live: readonly Prompt[]
  readonly session: Session | undefined
  /** What the client calls that session's user; undefined without a session. */
  readonly subject: string | undefined
  /** Whether that user is the one whom the request's hint names; true where there is no session or no hint. */
  readonly hinted: boolean
  /** When and with which session this authorization was first shown to a user; undefined: not yet. */
  readonly opened: { readonly at: number; readonly sid: string } | undefined
  /** Whether the client's users are not asked, or have been asked and it was saved, for this scope. */
  readonly consented: boolean
  /** The user just allowed it on the page or by REST. */
  readonly allowed: boolean
  readonly now: number
}

/** What happens next. */
export type Decision =
  | { readonly next: 'login'; readonly journey: string | undefined }
  | { readonly next: 'consent' }
  | { readonly next: 'issue'; readonly acr: string | undefined }
  | {
      readonly next: 'refuse'
      readonly code: ErrorCode
      readonly description: string
      readonly why: ReasonName
    }

const texts = {
  interaction_required: 'The request requires some interaction that is not allowed.',
  login_required: 'The request requires login.',
  consent_required: 'The request requires consent.',
} as const

function refuse(code: keyof typeof texts, why: ReasonName): Decision {
  return { next: 'refuse', code, description: texts[code], why }
}

/**
 * The hub: looks at request, session and consent and says what is next. Pure; every step of the way
 * (login, consent, return) comes back here.
 */
export function decide(realm: Realm, situation: Situation): Decision {
  const { request, terms, live } = situation
  const prompt = effectivePrompt(request, live)
  if (prompt === 'contradiction') return refuse('interaction_required', 'prompt-contradiction')
  const acr = acrState(realm, situation)
  if (acr.unmet) {
    const description = 'The requested authentication context class cannot be met.'
    const code = 'unmet_authentication_requirements'
    return { next: 'refuse', code, description, why: 'acr-unmet' }
  }
  if (loginNeeded(situation, prompt, acr)) {
    if (prompt.has('none')) {
      const code = terms.error_names === 'ping' ? 'interaction_required' : 'login_required'
      return refuse(code, 'login-needed')
    }
    if (situation.session !== undefined && loggedInSince(situation) && foreignUser(situation)) {
      return refuse('login_required', 'user-other')
    }
    return { next: 'login', journey: situation.tree || acr.journey || request.service }
  }
  if (foreignUser(situation)) return refuse('login_required', 'user-other')
  if (!situation.allowed && (prompt.has('consent') || !situation.consented)) {
    return prompt.has('none') ? refuse('consent_required', 'consent-needed') : { next: 'consent' }
  }
  return { next: 'issue', acr: acr.claim }
}

/** C-6: pushed ∪ live {login, consent}; a live `none` cannot silence what was pushed. */
function effectivePrompt(
  request: AuthorizationRequest,
  live: readonly Prompt[],
): Set<Prompt> | 'contradiction' {
  const prompt = new Set<Prompt>([...request.prompt, ...live])
  return prompt.has('none') && prompt.size > 1 ? 'contradiction' : prompt
}

interface AcrState {
  readonly unmet: boolean
  /** The journey that would satisfy the request, if it names one. */
  readonly journey: string | undefined
  readonly satisfied: boolean
  readonly claim: string | undefined
}

/** PingAM: oidc-authentication-requirements. */
function acrState(realm: Realm, situation: Situation): AcrState {
  const { request, session } = situation
  const mapped = mappedAcr(realm, request.acr_values, situation.tree)
  if (request.acr_values.length === 0) {
    return { unmet: false, journey: undefined, satisfied: true, claim: undefined }
  }
  if (mapped === undefined) {
    return { unmet: request.acr_essential, journey: undefined, satisfied: true, claim: '0' }
  }
  const there = session?.journey === mapped.journey
  const satisfied = there && (!request.acr_essential || loggedInSince(situation))
  return { unmet: false, journey: mapped.journey, satisfied, claim: there ? mapped.acr : undefined }
}

function loginNeeded(situation: Situation, prompt: Set<Prompt>, acr: AcrState): boolean {
  const { session, request, now } = situation
  if (session === undefined) return true
  const active = isActive(session)
  if (prompt.has('login') && !(active && loggedInSince(situation))) return true
  const { max_age } = request
  const old = max_age !== undefined && (max_age === 0 || now - session.auth_time > max_age)
  if (max_age !== undefined && !active) return true
  if (old && !loggedInSince(situation)) return true
  // A user other than the one the client hinted at may log in, if there is anybody to ask.
  if (foreignUser(situation) && !prompt.has('none')) return true
  return !acr.satisfied
}

/** B-9: a login after this authorization was first shown, told by the server's own record alone. */
function loggedInSince({ session, opened }: Situation): boolean {
  return (
    session !== undefined &&
    opened !== undefined &&
    session.sid !== opened.sid &&
    session.auth_time >= opened.at
  )
}

/** OIDC Core §3.1.2.1, §3.1.2.2: the hint, or a `sub` asked by value, names somebody else. */
function foreignUser({ subject, hinted, request }: Situation): boolean {
  if (subject === undefined) return false
  if (!hinted) return true
  return !parts.every((part) => isSubjectWanted(subject, claimsPart(request, part)))
}

const parts = ['id_token', 'userinfo'] as const

function claimsPart(
  request: AuthorizationRequest,
  part: (typeof parts)[number],
): JsonObject | undefined {
  const wanted = request.claims === undefined ? undefined : member(request.claims, part)
  return isObject(wanted) ? wanted : undefined
}
