import type { Json, JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'

export type ClaimName = 'iss' | 'sub' | 'aud' | 'exp' | 'nbf' | 'iat' | 'jti'

/**
 * How `aud` may name us. `string`: a string alone; `single`: a string or an array of one; `only`:
 * every member is one of ours; `contains`: at least one is.
 */
export type AudienceForm = 'string' | 'single' | 'only' | 'contains'

export interface AudienceRule {
  /** What we answer to, compared as strings (RFC 7519 §4.1.3). */
  readonly values: readonly string[]
  readonly form: AudienceForm
  readonly mayBeAbsent?: boolean
}

/** What claims are held to. A rule that names a claim also requires it. */
export interface ClaimRules {
  /** Seconds since 1970. */
  readonly now: number
  /** Seconds by which two clocks may differ, in either direction. */
  readonly skew: number
  readonly required: readonly ClaimName[]
  readonly issuers?: readonly string[]
  readonly subject?: string
  readonly audience?: AudienceRule
  /** Seconds `exp` may lie ahead; implies that there is one. */
  readonly maxLifetime?: number
  /**
   * Seconds: what may have been made by then does not count; 0 or absent: everything does. What does not say when it
   * was made may have been as long before its `exp` as `maxLifetime` lets it be good.
   */
  readonly madeAfter?: number
}

export type ClaimReason =
  | `${ClaimName} is missing`
  | `${ClaimName} is malformed`
  | 'exp has passed'
  | 'exp is too far ahead'
  | 'nbf lies ahead'
  | 'iat lies ahead'
  | 'made too long ago'
  | 'iss is somebody else'
  | 'sub is somebody else'
  | 'aud is somebody else'

/** The registered claims (RFC 7519 §4.1) with their types known; `aud` is empty when absent. */
export interface RegisteredClaims {
  readonly ok: true
  readonly iss: string | undefined
  readonly sub: string | undefined
  readonly aud: readonly string[]
  readonly exp: number | undefined
  readonly nbf: number | undefined
  readonly iat: number | undefined
  readonly jti: string | undefined
}

export interface ClaimRefusal {
  readonly ok: false
  readonly reason: ClaimReason
  /** Of what has ended: its claims, of which nothing but the types was checked. */
  readonly ended: RegisteredClaims | undefined
}

/** Checks types, presence, times and parties of verified claims, in that order. */
export function checkClaims(
  claims: JsonObject,
  rules: ClaimRules,
): RegisteredClaims | ClaimRefusal {
  for (const [name, wellFormed] of Object.entries(forms) as [ClaimName, Form][]) {
    const value = member(claims, name)
    if (value === undefined) {
      if (isRequired(name, rules)) return refuse(`${name} is missing`)
    } else if (!wellFormed(value)) return refuse(`${name} is malformed`)
  }
  const registered = typed(claims)
  const reason = timeProblem(registered, rules) ?? partyProblem(claims, registered, rules)
  if (reason === undefined) return registered
  return refuse(reason, reason === 'exp has passed' ? registered : undefined)
}

type Form = (value: Json) => boolean

const forms = {
  iss: isText,
  sub: isText,
  aud: (value) =>
    isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText)),
  exp: isNumericDate,
  nbf: isNumericDate,
  iat: isNumericDate,
  jti: isText,
} as const satisfies Record<ClaimName, Form>

function isText(value: Json): boolean {
  return typeof value === 'string' && value !== ''
}

/** RFC 7519 §2, minus what no clock says: infinities (1e400), negatives and -0, beyond 2^53. */
function isNumericDate(value: Json): boolean {
  return typeof value === 'number' && value >= 0 && value <= latest && !Object.is(value, -0)
}

const latest = Number.MAX_SAFE_INTEGER

function typed(claims: JsonObject): RegisteredClaims {
  const text = (name: ClaimName): string | undefined => member(claims, name) as string | undefined
  const time = (name: ClaimName): number | undefined => member(claims, name) as number | undefined
  const aud = member(claims, 'aud') as string | readonly string[] | undefined
  return {
    ok: true,
    iss: text('iss'),
    sub: text('sub'),
    aud: aud === undefined ? [] : typeof aud === 'string' ? [aud] : aud,
    exp: time('exp'),
    nbf: time('nbf'),
    iat: time('iat'),
    jti: text('jti'),
  }
}

function isRequired(name: ClaimName, rules: ClaimRules): boolean {
  if (rules.required.includes(name)) return true
  if (name === 'iss') return rules.issuers !== undefined
  if (name === 'sub') return rules.subject !== undefined
  if (name === 'exp') return rules.maxLifetime !== undefined
  return name === 'aud' && rules.audience !== undefined && rules.audience.mayBeAbsent !== true
}

/** The same where it may be good for any time. */
const usualLifetime = 3600

function timeProblem(
  { exp, nbf, iat }: RegisteredClaims,
  { now, skew, maxLifetime, madeAfter = 0 }: ClaimRules,
): ClaimReason | undefined {
  if (exp !== undefined && exp + skew <= now) return 'exp has passed'
  if (exp !== undefined && maxLifetime !== undefined && exp > now + skew + maxLifetime) {
    return 'exp is too far ahead'
  }
  if (nbf !== undefined && nbf > now + skew) return 'nbf lies ahead'
  if (iat !== undefined && iat > now + skew) return 'iat lies ahead'
  const longest = maxLifetime ?? usualLifetime
  const made = iat ?? nbf ?? (exp ?? Number.POSITIVE_INFINITY) - longest
  return madeAfter > 0 && made <= madeAfter + skew ? 'made too long ago' : undefined
}

function partyProblem(
  claims: JsonObject,
  { iss, sub, aud }: RegisteredClaims,
  { issuers, subject, audience }: ClaimRules,
): ClaimReason | undefined {
  if (issuers !== undefined && !issuers.includes(iss as string)) return 'iss is somebody else'
  if (subject !== undefined && sub !== subject) return 'sub is somebody else'
  if (audience === undefined || aud.length === 0) return undefined
  const isString = typeof member(claims, 'aud') === 'string'
  const fits = audienceForms[audience.form](aud, isString, (one) => audience.values.includes(one))
  return fits ? undefined : 'aud is somebody else'
}

type Fits = (aud: readonly string[], isString: boolean, isOurs: (one: string) => boolean) => boolean

const audienceForms: Readonly<Record<AudienceForm, Fits>> = {
  string: (aud, isString, isOurs) => isString && aud.every(isOurs),
  single: (aud, _, isOurs) => aud.length === 1 && aud.every(isOurs),
  only: (aud, _, isOurs) => aud.every(isOurs),
  contains: (aud, _, isOurs) => aud.some(isOurs),
}

function refuse(reason: ClaimReason, ended?: RegisteredClaims): ClaimRefusal {
  return { ok: false, reason, ended }
}
