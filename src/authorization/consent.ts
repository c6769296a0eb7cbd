import { createHmac } from 'node:crypto'
import { isObject } from '../base/json.ts'
import type { Client } from '../client/client.ts'
import { profileOf } from '../client/client.ts'
import type { Realm } from '../realm/realm.ts'
import { realmName } from '../realm/realm.ts'
import type { AuthorizationRequest } from '../spec/authorization-request.ts'
import { scopeClaims, userClaims } from '../spec/claims.ts'
import type { Stored } from '../store/store.ts'
import { never, StoreUnavailable } from '../store/store.ts'
import type { Session } from '../subject/session.ts'

/** What a user allowed a client for good: `consent/<realm>/<sub>/<client_id>`. */
interface Consent {
  readonly scope: readonly string[]
  /** Claims allowed by name, beside those of the scopes (OIDC Core §5.5). */
  readonly claims: readonly string[]
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

/** Claims a request asks for one by one, of those that can be had (OIDC Core §5.5). */
export function claimsAsked({ claims }: AuthorizationRequest): readonly string[] {
  const parts = [claims?.id_token, claims?.userinfo].filter(isObject)
  const names = new Set(parts.flatMap((part) => Object.keys(part)))
  return [...names].filter((name) => userClaims.has(name))
}

/** Whether this user saved consent for this client and every scope and claim asked for. */
export async function consentSaved(
  realm: Realm,
  client: Client,
  sub: string,
  request: AuthorizationRequest,
): Promise<boolean> {
  if (!consentSavable(realm)) return false
  const stored = await realm.settings.get(consentKey(realm, client, sub))
  if (stored === undefined) return false
  const saved = read(stored)
  const claims = [...saved.claims, ...claimsOfScopes(saved.scope)]
  return (
    request.scope.every((name) => saved.scope.includes(name)) &&
    claimsAsked(request).every((name) => claims.includes(name))
  )
}

/** Adds the scopes and claims to what the user allowed this client for good. */
export async function saveConsent(
  realm: Realm,
  client: Client,
  sub: string,
  request: AuthorizationRequest,
): Promise<void> {
  const key = consentKey(realm, client, sub)
  for (let i = 0; i < 5; i++) {
    const stored = await realm.settings.get(key)
    const before = stored === undefined ? { scope: [], claims: [] } : read(stored)
    const consent: Consent = {
      scope: [...new Set([...before.scope, ...request.scope])],
      claims: [...new Set([...before.claims, ...claimsAsked(request)])],
      saved_at: realm.now(),
    }
    const value = Buffer.from(JSON.stringify(consent))
    const outcome =
      stored === undefined
        ? await realm.settings.insert(key, value, never)
        : await realm.settings.replace(key, stored.version, value, never)
    if (outcome === 'won') return
  }
  throw new StoreUnavailable('a consent kept changing')
}

function read({ value }: Stored): Consent {
  return JSON.parse(value.toString()) as Consent
}

function claimsOfScopes(scope: readonly string[]): readonly string[] {
  return scope.flatMap((name) =>
    Object.hasOwn(scopeClaims, name) ? scopeClaims[name as keyof typeof scopeClaims] : [],
  )
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
