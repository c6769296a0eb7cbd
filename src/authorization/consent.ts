import type { KeyObject } from 'node:crypto'
import { createHmac } from 'node:crypto'
import { equalInConstantTime } from '../base/bytes.ts'
import { isObject } from '../base/json.ts'
import type { Client } from '../client/client.ts'
import { detailOf } from '../details/detail.ts'
import { isSame } from '../details/narrow.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import { scopeClaims, userClaims } from '../protocol/claims.ts'
import type { Realm } from '../realm/realm.ts'
import { realmName } from '../realm/realm.ts'
import type { Session } from '../session/session.ts'
import type { Stored } from '../store/store.ts'
import { epochFor } from '../user/counters.ts'
import type { EndUser } from '../user/end-user.ts'
import { findEndUser } from '../user/end-user.ts'

/** What a user allowed a client for good: `consent/<realm>/<sub>/<client_id>`. */
export interface Consent {
  readonly scope: readonly string[]
  /** Claims allowed by name, beside those of the scopes (OIDC Core §5.5). */
  readonly claims: readonly string[]
  /** Resources it is for (RFC 8707), and an empty text for tokens that name none; absent: for these alone. */
  readonly resource?: readonly string[]
  /** Authorization details, each as it was asked for; absent: none. */
  readonly details?: readonly string[]
  readonly saved_at: number
  /** Which client of that id it was for (C-37); absent: the first. */
  readonly incarnation?: string
  /** Where the user's counters stood (`user/epoch.ts`); absent: at 0. */
  readonly epoch?: number
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
  session: Session,
  request: AuthorizationRequest,
): Promise<boolean> {
  if (!consentSavable(realm)) return false
  const stored = await realm.settings.get(consentKey(realm, client, session.sub))
  if (stored === undefined) return false
  const saved = inForce(stored, client, await epochOf(realm, client, session))
  if (saved === undefined) return false
  const claims = [...saved.claims, ...claimsOfScopes(saved.scope)]
  return (
    request.scope.every((name) => saved.scope.includes(name)) &&
    claimsAsked(request).every((name) => claims.includes(name)) &&
    (request.resource ?? noneNamed).every((name) => (saved.resource ?? noneNamed).includes(name)) &&
    areSaved(saved.details ?? [], request.authorization_details ?? [])
  )
}

/** Only the very same details are allowed for good: another amount is another payment. */
function areSaved(saved: readonly string[], asked: readonly string[]): boolean {
  const known = asked.length === 0 ? [] : saved.map(detailOf)
  return asked.map(detailOf).every((detail) => known.some((each) => isSame(each, detail)))
}

/** A request that names no resource asks for tokens that name none. */
export const noneNamed: readonly string[] = ['']

/** What a user allowed a client for good and has not taken back. */
export async function savedConsent(
  realm: Realm,
  client: Client,
  user: EndUser,
): Promise<Consent | undefined> {
  const stored = await realm.settings.get(consentKey(realm, client, user.sub))
  return stored && inForce(stored, client, epochFor(user, client.client_id))
}

/** What is stored, unless it was for another client of that id or has been taken back since. */
export function inForce({ value }: Stored, client: Client, epoch: number): Consent | undefined {
  const consent = JSON.parse(value.toString()) as Consent
  const { incarnation = '', epoch: then = 0 } = consent
  return incarnation === client.incarnation && then === epoch ? consent : undefined
}

/**
 * Where the counters stand for what a user allows a client now. With a session that was ended a moment
 * ago a user allows nothing: that number is nobody's.
 */
export async function epochOf(realm: Realm, client: Client, session: Session): Promise<number> {
  const user = await findEndUser(realm, session.sub)
  return user?.epoch === session.epoch ? epochFor(user, client.client_id) : nobodys
}

const nobodys = -1

function claimsOfScopes(scope: readonly string[]): readonly string[] {
  return scope.flatMap((name) =>
    Object.hasOwn(scopeClaims, name) ? scopeClaims[name as keyof typeof scopeClaims] : [],
  )
}

export function consentFolder({ path }: Pick<Realm, 'path'>, sub: string): string {
  return `consent/${realmName(path)}/${encodeURIComponent(sub)}`
}

export function consentKey(
  realm: Pick<Realm, 'path'>,
  { client_id }: Pick<Client, 'client_id'>,
  sub: string,
): string {
  return `${consentFolder(realm, sub)}/${encodeURIComponent(client_id)}`
}

/**
 * C-6c: proof that a decision was made in this session on a page for this very authorization.
 * `about` is the record's key, or the digest of an unpushed request.
 */
export function csrfToken(realm: Realm, session: Session, subjectId: string): string {
  return csrfBy(realm.secret('csrf'), session, subjectId)
}

/** Whether a text is that proof, by any secret that a page which may still be open was made with. */
export function isCsrfToken(
  realm: Realm,
  session: Session,
  subjectId: string,
  text: string,
): boolean {
  return realm
    .secrets('csrf')
    .some((secret) => equalInConstantTime(text, csrfBy(secret, session, subjectId)))
}

function csrfBy(secret: KeyObject, session: Session, subjectId: string): string {
  return createHmac('sha256', secret).update(`${session.token} ${subjectId}`).digest('base64url')
}
