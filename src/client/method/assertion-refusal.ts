import type { JsonObject } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import type { JwsRefusal } from '../../jose/compact.ts'
import type { ClaimRefusal, ClaimRules } from '../../jose/jwt.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { ReasonName } from '../../protocol/reason/index.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Client } from '../client.ts'
import { algorithmDifference, claimDifference, jwtProblems } from '../jwt-problem.ts'
import { termsOf } from '../terms.ts'
import type { Unproven } from './method.ts'

/** The same for a signature. */
export function refusedSignature(
  realm: Realm,
  client: Client,
  { reason }: JwsRefusal,
  alg: string,
  allowed: readonly string[],
): Unproven {
  const other = reason === 'the alg is not allowed'
  const differs = other ? algorithmDifference(alg, allowed) : undefined
  return { ...refused(realm, client, reason, `assertion-${jwtProblems[reason]}`), differs }
}

/**
 * The same for what it claims. What was signed by the client, and is refused only since an operator accepted a store,
 * is no guess: a client that goes on sending good assertions must not be held off for them.
 */
export function refusedClaims(
  realm: Realm,
  client: Client,
  { reason }: ClaimRefusal,
  claims: JsonObject,
  rules: ClaimRules,
): Unproven {
  const differs = claimDifference(reason, claims, rules)
  const told = { ...refused(realm, client, reason, `assertion-${jwtProblems[reason]}`), differs }
  return reason === 'made too long ago' ? { ...told, counts: false } : told
}

/** K-4. */
export function usedBefore(realm: Realm, client: Client): OAuthError {
  return new OAuthError('invalid_client', 'Client authentication failed', {
    why: 'assertion-replayed',
    reason: 'assertion used before',
    status: termsOf(realm, client).invalid_client_status,
  })
}

/** Says in the log why an assertion does not prove a client; the client itself is not told. */
export function refused(realm: Realm, client: Client, reason: string, why: ReasonName): Unproven {
  event(
    'client.assertion_refused',
    { realm: realm.path, client_id: client.client_id, reason },
    'warn',
  )
  return { why }
}
