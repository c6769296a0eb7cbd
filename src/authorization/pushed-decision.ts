import type { KeyObject } from 'node:crypto'
import { createHmac } from 'node:crypto'
import { equalInConstantTime } from '../base/bytes.ts'
import type { AuthorizationParameters, PushedDecision } from '../protocol/authorization-request.ts'
import type { Realm } from '../realm/realm.ts'
import type { Destination } from './redirection.ts'

/** C-16: kept with a keyed hash of the session token it names; what the browser presents later proves it. */
export function pushedDecision(
  realm: Realm,
  { terms }: Destination,
  { decision, save_consent }: AuthorizationParameters,
  csrf: string,
): PushedDecision | undefined {
  if (decision === undefined || !terms.pushed_decision) return undefined
  return {
    allow: isAllow(decision),
    save: save_consent === 'on',
    csrf_hash: csrfHash(realm.secret(purpose), csrf),
  }
}

/** PingAM: `allow` in any case means yes; anything else no. */
export function isAllow(decision: string | undefined): boolean {
  return decision?.toLowerCase() === 'allow'
}

/** Whether a session token is the one that was pushed with a decision. */
export function isPushedCsrf(realm: Realm, token: string, { csrf_hash }: PushedDecision): boolean {
  return realm
    .secrets(purpose)
    .some((secret) => equalInConstantTime(csrfHash(secret, token), csrf_hash))
}

const purpose = 'pushed csrf'

/** The keyed hash under which a pushed session token is kept. */
function csrfHash(secret: KeyObject, token: string): string {
  return createHmac('sha256', secret).update(token).digest('base64url')
}
