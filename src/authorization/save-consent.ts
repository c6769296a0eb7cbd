import type { Client } from '../client/client.ts'
import type { SingleUse } from '../client/single-use.ts'
import { readRecord } from '../grant/find-record.ts'
import type { Unanswered } from '../grant/record.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import type { Realm } from '../realm/realm.ts'
import type { Session } from '../session/session.ts'
import { lost, removeAsRead, untilDecided, update, writeOver } from '../store/update.ts'
import type { Consent } from './consent.ts'
import { claimsAsked, consentKey, epochOf, inForce, noneNamed } from './consent.ts'

/** Takes back what a consent had not held before. */
export type TakeBack = () => Promise<void>

/**
 * Adds the scopes, claims and details to what the user allowed this client for good. Of an answer that comes to nothing,
 * since another one was first, that is taken back: what was denied is not allowed next time.
 */
export async function saveConsent(
  realm: Realm,
  client: Client,
  session: Session,
  request: AuthorizationRequest,
): Promise<TakeBack> {
  const key = consentKey(realm, client, session.sub)
  const epoch = await epochOf(realm, client, session)
  const { incarnation } = client
  let added = nothing
  await update(realm.settings, key, 'a consent', (stored) => {
    const before = (stored && inForce(stored, client, epoch)) ?? nothing
    const consent: Consent = {
      scope: [...new Set([...before.scope, ...request.scope])],
      claims: [...new Set([...before.claims, ...claimsAsked(request)])],
      ...resourcesSaved(before, request),
      ...detailsSaved(before, request),
      saved_at: realm.now(),
      incarnation,
      epoch,
    }
    added = without(consent, before)
    const value = Buffer.from(JSON.stringify(consent))
    // Of clicks at once one writes, and none of the others has to be decided anew because of the rest.
    return stored?.value.equals(value) === true ? undefined : value
  })
  return () => takeOut(realm, key, added)
}

type Allowed = Pick<Consent, 'scope' | 'claims' | 'resource' | 'details'>

/** What one of them allows and the other does not. */
function without(one: Allowed, other: Allowed): Allowed {
  const less = (from: readonly string[], taken: readonly string[]) =>
    from.filter((each) => !taken.includes(each))
  return {
    scope: less(one.scope, other.scope),
    claims: less(one.claims, other.claims),
    resource: less(one.resource ?? noneNamed, other.resource ?? noneNamed),
    details: less(one.details ?? [], other.details ?? []),
  }
}

/** Of what stands there now, since more may have been allowed meanwhile. Where nothing is left there is no consent. */
async function takeOut({ settings }: Realm, key: string, added: Allowed): Promise<void> {
  if (isNothing(added)) return
  await untilDecided('a consent', async () => {
    const stored = await settings.get(key)
    if (stored === undefined) return undefined
    const consent = JSON.parse(stored.value.toString()) as Consent
    const left = without(consent, added)
    const value = Buffer.from(JSON.stringify({ ...consent, ...left }))
    const written = isNothing({ ...left, resource: [] })
      ? removeAsRead(settings, key, stored)
      : writeOver(settings, key, value, stored)
    return (await written) ? undefined : lost
  })
}

function isNothing({ scope, claims, resource = [], details = [] }: Allowed): boolean {
  return [scope, claims, resource, details].every((each) => each.length === 0)
}

/** So many details are kept, the latest ones. */
const mostSaved = 100

function detailsSaved(
  { details: before = [] }: Pick<Consent, 'details'>,
  { authorization_details: allowed = [] }: AuthorizationRequest,
): Pick<Consent, 'details'> {
  const all = [...new Set([...before, ...allowed])].slice(-mostSaved)
  return all.length === 0 ? {} : { details: all }
}

const nothing: Allowed = {
  scope: [],
  claims: [],
  resource: [],
}

function resourcesSaved(
  { resource: before = noneNamed }: Pick<Consent, 'scope' | 'resource'>,
  { resource = noneNamed }: AuthorizationRequest,
): Pick<Consent, 'resource'> {
  const all = new Set([...before, ...resource])
  return all.size === 1 && all.has('') ? {} : { resource: [...all] }
}

/** As what the answer of a remote consent service is spent by which the user said no. */
export const denied = 'denied'

/** What an answer is about that may come second. */
interface Pending {
  readonly found: Unanswered | undefined
  /** What the answer of a remote consent service is spent by. */
  readonly remote: SingleUse | undefined
  /** Of what was saved for it; undefined: nothing was. */
  readonly takeBack: TakeBack | undefined
}

/**
 * Answers by what was saved for it. Where that fails, or another answer was first, what was saved is taken back, unless
 * that one allows it too: its record says so, or, of a request without one, as what the service's answer was spent.
 */
export async function unlessLost<T>(
  realm: Realm,
  { found, remote, takeBack }: Pending,
  answer: () => Promise<T | undefined>,
): Promise<T | undefined> {
  if (takeBack === undefined) return answer()
  try {
    const answered = await answer()
    if (answered === undefined && !(await isAllowed(realm, found))) await takeBack()
    return answered
  } catch (error) {
    // As far as a store that has just failed lets that happen.
    const other = found === undefined ? await remote?.spentAs().catch(() => undefined) : undefined
    if (other === undefined || other === denied) await takeBack().catch(() => undefined)
    throw error
  }
}

async function isAllowed(realm: Realm, found: Unanswered | undefined): Promise<boolean> {
  const now = found === undefined ? 'gone' : await readRecord(realm, found.key)
  return now !== 'gone' && (now.record.state === 'issued' || now.record.state === 'redeemed')
}
