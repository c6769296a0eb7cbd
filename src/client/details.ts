import type { Detail, DetailsProblem } from '../details/detail.ts'
import { detailOf, readDetails } from '../details/detail.ts'
import { isWithin } from '../details/narrow.ts'
import type { Effort, Unfit } from '../details/type.ts'
import { newEffort } from '../details/type.ts'
import { OAuthError } from '../protocol/error.ts'
import type { ReasonName } from '../protocol/reason/index.ts'
import { notServed } from '../protocol/unserved-parameter.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import { termsOf } from './terms.ts'

/**
 * What a client gets of the authorization details it asks for, each object as it was sent: the same rules for every
 * grant (RFC 9396 §5).
 *
 * @throws OAuthError invalid_authorization_details.
 */
export function grantedDetails(realm: Realm, client: Client, text: string): readonly string[] {
  requireDetailsServed(realm, client)
  const details = detailsIn(text)
  const effort = newEffort(details.map(({ value }) => value))
  for (const [i, detail] of details.entries()) {
    const refusal = refusalOf(realm, client, detail, i, effort)
    if (refusal !== undefined) throw refusal
  }
  return details.map((detail) => detail.text)
}

/** What of granted details is still the client's: of a type it may use, and what that type wants now. */
export function detailsLeft(
  realm: Realm,
  client: Client,
  granted: readonly string[],
): readonly string[] {
  if (!areServed(realm, client)) return []
  const details = granted.map(detailOf)
  const effort = newEffort(details.map(({ value }) => value))
  return details
    .filter((detail, i) => refusalOf(realm, client, detail, i, effort) === undefined)
    .map(({ text }) => text)
}

/**
 * What a token request asks for of granted details (RFC 9396 §6).
 *
 * @throws OAuthError invalid_authorization_details, also for more than was granted.
 */
export function narrowedDetails(
  realm: Realm,
  client: Client,
  granted: readonly string[],
  text: string,
): readonly string[] {
  const asked = grantedDetails(realm, client, text)
  if (isWithin(asked.map(detailOf), granted.map(detailOf))) return asked
  throw refused('authorization-details-wider', 'More authorization_details than were granted')
}

/** @throws OAuthError invalid_authorization_details where nobody serves any. */
export function requireDetailsServed(realm: Realm, client: Client): void {
  if (!areServed(realm, client)) throw notServed('authorization_details')
}

function areServed(realm: Realm, client: Client): boolean {
  return realm.detailsTypes.size > 0 && termsOf(realm, client).rich_authorization_requests
}

function detailsIn(text: string): readonly Detail[] {
  const details = readDetails(text)
  if (typeof details !== 'string') return details
  const [why, says] = unreadable[details]
  throw refused(why, says)
}

const unreadable = {
  malformed: [
    'authorization-details-malformed',
    'The authorization_details are no JSON array of objects with a type',
  ],
  number: [
    'authorization-details-number',
    'The authorization_details hold a number that is not the same for every reader',
  ],
  'too large': ['authorization-details-large', 'The authorization_details are too large'],
} as const satisfies Record<DetailsProblem, readonly [ReasonName, string]>

function refusalOf(
  realm: Realm,
  client: Client,
  { type, value }: Detail,
  i: number,
  effort: Effort,
): OAuthError | undefined {
  const at = `authorization_details[${i}]`
  const registered = realm.detailsTypes.get(type)
  if (registered === undefined)
    return refused('authorization-details-type-unknown', `${at} is of an unknown type`)
  if (!client.authorization_details_types.includes(type)) {
    const says = `${at} is of a type that the client is not registered for`
    return refused('authorization-details-type-unregistered', says)
  }
  const unfit = registered.check(value, effort)
  return unfit && unfitRefusal(at, unfit)
}

function unfitRefusal(at: string, { at: names, keyword }: Unfit): OAuthError {
  if (keyword === 'effort')
    return refused(
      'authorization-details-effort',
      `${at} takes too long to be held against its type`,
    )
  // A name that is none of a usual member is the client's own text, and stands in no answer.
  const path = names.map((name) => (/^\w{1,40}$/.test(name) ? `.${name}` : '[...]')).join('')
  const says = `${at}${path} is not what its type wants (${keyword})`
  return refused('authorization-details-unfit', says)
}

function refused(why: ReasonName, says: string): OAuthError {
  return new OAuthError('invalid_authorization_details', says, {
    why,
    reason: says,
    parameter: 'authorization_details',
  })
}
