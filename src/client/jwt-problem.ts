import type { Json, JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'
import { isJwsAlg } from '../jose/algorithm.ts'
import type { JwsReason } from '../jose/compact.ts'
import type { ClaimName, ClaimReason, ClaimRules } from '../jose/jwt.ts'
import { audienceDifference } from '../protocol/difference/audience.ts'
import { timeDifference } from '../protocol/difference/text.ts'

/** Claims whose type and presence are checked. */
const claims: readonly ClaimName[] = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']

const jwsProblems = {
  'the token is too long': 'unreadable',
  'the token is no compact JWS': 'unreadable',
  'the header is malformed': 'unreadable',
  'the header has crit or b64': 'unreadable',
  'the payload is no JSON object': 'unreadable',
  'the alg is not allowed': 'alg',
  'the kid is unknown': 'kid',
  'no key fits the alg': 'key',
  'the signature is wrong': 'signature',
} as const satisfies Record<JwsReason, string>

/**
 * What is wrong with a JWT of a client, in the words by which the rows of reasons end: an assertion and a
 * request object have a row each.
 */
export const jwtProblems = {
  ...jwsProblems,
  ...each('missing', 'claim-missing'),
  ...each('malformed', 'claim-malformed'),
  'exp has passed': 'expired',
  'exp is too far ahead': 'exp-far',
  'nbf lies ahead': 'nbf',
  'iat lies ahead': 'iat',
  'made too long ago': 'old',
  'iss is somebody else': 'party',
  'sub is somebody else': 'party',
  'aud is somebody else': 'aud',
} as const satisfies Record<JwsReason | ClaimReason, string>

/** Whether a signed JWT could not be read, or not be verified; what else is told is of encryption. */
export function isJwsReason(reason: string): reason is JwsReason {
  return Object.hasOwn(jwsProblems, reason)
}

function each<const How extends 'missing' | 'malformed', const Row extends string>(
  how: How,
  row: Row,
): Readonly<Record<`${ClaimName} is ${How}`, Row>> {
  return Object.fromEntries(claims.map((name) => [`${name} is ${how}`, row])) as Readonly<
    Record<`${ClaimName} is ${How}`, Row>
  >
}

/** In which way a JWT is signed by another algorithm; one that there is none of is not told. */
export function algorithmDifference(sent: string, allowed: readonly string[]): string {
  const used = isJwsAlg(sent) ? sent : 'none that is known'
  return `in its alg: ${used}, and ${allowed.join(', ') || 'none'} is allowed`
}

/** In which way claims differ from their rules. */
export function claimDifference(
  reason: ClaimReason,
  claims: JsonObject,
  {
    now,
    skew,
    maxLifetime = 0,
    audience,
  }: Pick<ClaimRules, 'now' | 'skew' | 'maxLifetime' | 'audience'>,
): string | undefined {
  const [name = ''] = reason.split(' ')
  const value = member(claims, name)
  if (reason === 'made too long ago') return `in when it was made${undated(claims)}`
  if (reason === 'aud is somebody else')
    return audience && audienceDifference(value, audience.values, audience.form)
  return timeProblem(reason, value, now, skew, maxLifetime) ?? `in its ${name}`
}

/** Where nothing says when it was made, it may have been as long before its end as any may last. */
function undated(claims: JsonObject): string {
  const dated = Object.hasOwn(claims, 'iat') || Object.hasOwn(claims, 'nbf')
  return dated ? '' : ', which neither iat nor nbf tells'
}

function timeProblem(
  reason: ClaimReason,
  value: Json | undefined,
  now: number,
  skew: number,
  maxLifetime: number,
): string | undefined {
  if (typeof value !== 'number') return undefined
  if (reason === 'exp has passed') return timeDifference(now - value)
  if (reason === 'exp is too far ahead') return timeDifference(value - now - skew - maxLifetime)
  return reason.endsWith('lies ahead') ? timeDifference(value - now) : undefined
}
