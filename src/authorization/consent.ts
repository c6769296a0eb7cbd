import { createHmac } from 'node:crypto'
import type { Client } from '../client/client.ts'
import { profileOf } from '../client/client.ts'
import type { Realm } from '../realm/realm.ts'
import { realmName } from '../realm/realm.ts'
import { never, StoreUnavailable } from '../store/store.ts'
import type { Session } from '../subject/session.ts'

/** What a user allowed a client for good: `consent/<realm>/<sub>/<client_id>`. */
export interface Consent {
  /** Scope sets that were allowed together, each sorted; a request is covered by a set that holds it. */
  readonly scope: readonly string[]
  readonly saved_at: number
}

/** C-36, PingAM: manage-consent: nobody is asked if both the client and the realm say so. */
export function consentImplied(realm: Realm, client: Client): boolean {
  if (!client.isConsentImplied || !profileOf(realm, client).implied_consent) return false
  return client.providerOverridesEnabled
    ? client.clientsCanSkipConsent
    : realm.provider.clientsCanSkipConsent
}

/** Whether the realm keeps consents. */
export function consentSavable(realm: Realm): boolean {
  return realm.provider.savedConsentAttribute !== ''
}

/** Whether this user saved consent for this client and every scope asked for. */
export async function consentSaved(
  realm: Realm,
  client: Client,
  sub: string,
  scope: readonly string[],
): Promise<boolean> {
  if (!consentSavable(realm)) return false
  const stored = await realm.settings.get(consentKey(realm, client, sub))
  if (stored === undefined) return false
  const saved = new Set((JSON.parse(stored.value.toString()) as Consent).scope)
  return scope.every((name) => saved.has(name))
}

/** Adds the scopes to what the user allowed this client for good. */
export async function saveConsent(
  realm: Realm,
  client: Client,
  sub: string,
  scope: readonly string[],
): Promise<void> {
  const key = consentKey(realm, client, sub)
  for (let i = 0; i < 5; i++) {
    const stored = await realm.settings.get(key)
    const before =
      stored === undefined ? [] : (JSON.parse(stored.value.toString()) as Consent).scope
    const consent: Consent = { scope: [...new Set([...before, ...scope])], saved_at: realm.now() }
    const value = Buffer.from(JSON.stringify(consent))
    const outcome =
      stored === undefined
        ? await realm.settings.insert(key, value, never)
        : await realm.settings.replace(key, stored.version, value, never)
    if (outcome === 'won') return
  }
  throw new StoreUnavailable('a consent kept changing')
}

function consentKey(realm: Realm, client: Client, sub: string): string {
  return `consent/${realmName(realm.path)}/${encodeURIComponent(sub)}/${encodeURIComponent(client.client_id)}`
}

/**
 * C-6c: proof that a decision was made in this session on a page for this very authorization.
 * `about` is the record's key, or the digest of an unpushed request.
 */
export function csrfToken(realm: Realm, session: Session, about: string): string {
  return createHmac('sha256', realm.secret('csrf'))
    .update(`${session.token} ${about}`)
    .digest('base64url')
}
