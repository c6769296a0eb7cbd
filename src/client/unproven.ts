import type { HttpRequest } from '../base/http.ts'
import { textDifference } from '../protocol/difference/text.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import { findClient } from './client.ts'
import type { Credentials, Method, Unproven } from './method/method.ts'
import { none } from './method/none.ts'
import type { Named, Refused } from './refusal.ts'
import { invalidClient, logRefusal } from './refusal.ts'
import { countTry, hold, refuseSecret, sourceCounters, strangerCounters } from './wrong-tries.ts'

/** Credentials, and the method that presented them. */
export interface Presented {
  readonly method: Method
  readonly credentials: Credentials
}

/** The status is by the profile of the client that the form names (C-23). */
export async function unnamed(
  realm: Realm,
  http: HttpRequest,
  named: string | undefined,
  refused: Refused,
): Promise<OAuthError> {
  const client = named === undefined ? undefined : await findClient(realm, named)
  return invalidClient(realm, http, client ?? named, refused)
}

/** Credentials that could not be read say why; an assertion may be one of nobody. */
export function namesNobody({ method, credentials }: Presented): Refused {
  const other = method.name === none.name ? 'client-id-missing' : 'assertion-client'
  return { why: credentials.why ?? other, reason: `${method.name} names no client` }
}

export function otherMethod(
  { name }: Method,
  { token_endpoint_auth_method: registered }: Client,
): Refused {
  const why = name === none.name ? 'client-credentials-missing' : 'client-method-other'
  const differs = `in the method: ${name} was used, and ${registered} is registered`
  return { why, differs, reason: `${name} is not the client's method` }
}

/** Counted, timed and answered as a wrong secret of a client that there is (K-11). */
export async function unknown(
  realm: Realm,
  http: HttpRequest,
  { method }: Presented,
  client_id: string,
  inactive: Client | undefined,
): Promise<OAuthError> {
  const named = inactive ?? client_id
  const countersAt = method.guessable ? strangerCounters : sourceCounters
  const attempt = await countTry(realm, named, countersAt(realm, client_id, http.peer))
  await refuseSecret()
  await hold(attempt)
  return invalidClient(realm, http, named, {
    why: inactive === undefined ? 'client-unknown' : 'client-inactive',
    reason: 'client unknown or inactive',
  })
}

/** C-34: what cannot be guessed is counted when it has failed; the right one is never asked. */
export async function unproven(
  realm: Realm,
  http: HttpRequest,
  client: Client,
  { guessable }: Method,
  { why, differs, counts }: Unproven,
): Promise<OAuthError> {
  if (!guessable && counts !== false) {
    await hold(await countTry(realm, client, sourceCounters(realm, client.client_id, http.peer)))
  }
  return invalidClient(realm, http, client, {
    why,
    differs,
    reason: 'credentials do not prove the client',
  })
}

export function twoMethods(realm: Realm, named: Named): OAuthError {
  logRefusal(realm, named, 'two methods')
  return new OAuthError('invalid_request', 'Client authentication failed', {
    why: 'client-methods-two',
    reason: 'two methods',
  })
}

/** RFC 9126 §2.1: the id stands in two places. */
export function idsDiffer(named: string, client_id: string): Refused {
  return {
    why: 'client-ids-differ',
    differs: textDifference(named, client_id),
    reason: 'client_id does not agree with the credentials',
  }
}
