/* What of a good JWT of a client would be refused by what is only watched (C-31): its algorithm, or its audience. */
import type { JsonObject } from '../base/json.ts'
import type { ClaimRules } from '../jose/jwt.ts'
import { checkClaims } from '../jose/jwt.ts'
import { algorithmDifference, claimDifference, jwtProblems } from './jwt-problem.ts'
import type { Names } from './terms/row.ts'
import { permits } from './terms/row.ts'
import { type Terms, type TermValues, watch } from './terms.ts'

/** How requirements of one kind of JWT are called, and how its refusals are. */
interface Kind {
  readonly code: string
  readonly reasons: string
  readonly algorithms: 'assertion_algorithms' | 'request_object_signing'
  readonly audience: 'assertion_audience' | 'request_object_audience'
}

export const assertions: Kind = {
  code: 'invalid_client',
  reasons: 'assertion',
  algorithms: 'assertion_algorithms',
  audience: 'assertion_audience',
}

export const requestObjects: Kind = {
  code: 'invalid_request_object',
  reasons: 'request-object',
  algorithms: 'request_object_signing',
  audience: 'request_object_audience',
}

/** `rulesOf`: what the claims would be held to under other terms; those of now they have passed. */
export function watchJwt(
  terms: Terms,
  kind: Kind,
  { alg, claims }: { readonly alg: unknown; readonly claims: JsonObject },
  rulesOf: (held: TermValues) => ClaimRules,
): void {
  if (typeof alg === 'string') watchAlgorithm(terms, kind, alg)
  watchAudience(terms, kind, claims, rulesOf)
}

function watchAlgorithm(terms: Terms, { code, reasons, algorithms }: Kind, alg: string): void {
  const namesOf = (held: TermValues): Names => held[algorithms]
  watch(
    terms,
    algorithms,
    (held) => !permits(namesOf(held), alg),
    (held) => {
      const names = namesOf(held)
      const differs = algorithmDifference(alg, names === 'any' ? [] : names)
      return { code, why: `${reasons}-alg`, differs, reason: 'the alg is not allowed' }
    },
  )
}

function watchAudience(
  terms: Terms,
  { code, reasons, audience }: Kind,
  claims: JsonObject,
  rulesOf: (held: TermValues) => ClaimRules,
): void {
  if (terms.watched === undefined) return
  const rules = rulesOf(terms.watched)
  const checked = checkClaims(claims, rules)
  if (checked.ok) return
  const { reason } = checked
  const differs = claimDifference(reason, claims, rules)
  const told = { code, why: `${reasons}-${jwtProblems[reason]}`, differs, reason }
  watch(
    terms,
    audience,
    () => true,
    () => told,
  )
}
