import type { Client } from '../client/client.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import type { Realm } from '../realm/realm.ts'
import type { Session } from '../session/session.ts'
import { update } from '../store/update.ts'
import type { Consent } from './consent.ts'
import { claimsAsked, consentKey, epochOf, inForce, noneNamed } from './consent.ts'

/** Adds the scopes, claims and details to what the user allowed this client for good. */
export async function saveConsent(
  realm: Realm,
  client: Client,
  session: Session,
  request: AuthorizationRequest,
): Promise<void> {
  const key = consentKey(realm, client, session.sub)
  const epoch = await epochOf(realm, client, session)
  const { incarnation } = client
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
    return Buffer.from(JSON.stringify(consent))
  })
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

const nothing: Pick<Consent, 'scope' | 'claims' | 'resource' | 'details'> = {
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
