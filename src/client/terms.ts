/**
 * What a client is held to here: everything that profile, realm and client decide together, as one flat
 * value, made from one table. Rules, registration, discovery and the reference page read the same rows.
 */
import type { Refusal } from '../base/trace.ts'
import { tellBreach } from '../base/trace.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { type OAuthError, refusalOf } from '../protocol/error.ts'
import type { Profile } from '../protocol/profile.ts'
import { profiles } from '../protocol/profile.ts'
import type { RequirementName } from '../protocol/value/requirement.ts'
import type { OAuth2Provider } from '../realm/oauth2-provider.ts'
import type { Realm } from '../realm/realm.ts'
import { admissionTerms } from './terms/admission.ts'
import { authenticationTerms } from './terms/authentication.ts'
import { requestTerms } from './terms/request.ts'
import { requestObjectTerms } from './terms/request-object.ts'
import { responseTerms } from './terms/response.ts'
import type { Term } from './terms/row.ts'
import { tokenTerms } from './terms/token.ts'
import { parted, type Said } from './terms/watched.ts'

/** The table: one row for each rule, by its name. */
export const terms = {
  ...requestTerms,
  ...authenticationTerms,
  ...requestObjectTerms,
  ...responseTerms,
  ...tokenTerms,
  ...admissionTerms,
} as const satisfies Readonly<Record<string, Term<unknown>>>

/** The value of each row. */
export type TermValues = {
  readonly [K in keyof typeof terms]: (typeof terms)[K] extends Term<infer T> ? T : never
}

/** What holds; a requirement that is only watched is not among it. */
export interface Terms extends TermValues {
  /** What would hold if everything that is watched were enforced; undefined: nothing is watched. */
  readonly watched: TermValues | undefined
  /** What that is. */
  readonly watching: readonly RequirementName[]
}

/** What of a realm values were made from: a change of its settings makes both anew. */
type Settings = Pick<Realm, 'provider' | 'profile'>

interface Kept {
  readonly provider: OAuth2Provider
  readonly profile: Profile
  readonly terms: Terms
}

/** What a client is held to: its own profile, else the realm's. */
function profileOf(realm: Pick<Realm, 'profile'>, client: ClientMetadata): Profile {
  return client.profile === '' ? realm.profile : profiles[client.profile]
}

const ofClients = new WeakMap<ClientMetadata, Kept>()
const ofRealms = new WeakMap<OAuth2Provider, Kept>()

/** The terms of a client in a realm: made once per change of either, then a look-up and a compare. */
export function termsOf(realm: Settings, client: ClientMetadata): Terms {
  const kept = ofClients.get(client)
  if (kept?.provider === realm.provider && kept.profile === realm.profile) return kept.terms
  return keep(ofClients, client, realm, made(realm.provider, profileOf(realm, client), client))
}

/** What a realm offers to clients of its own profile, before any of them has registered anything. */
export function termsOffered(realm: Settings): Terms {
  const kept = ofRealms.get(realm.provider)
  if (kept?.profile === realm.profile) return kept.terms
  return keep(ofRealms, realm.provider, realm, made(realm.provider, realm.profile, undefined))
}

function keep<K extends object>(
  where: WeakMap<K, Kept>,
  key: K,
  { provider, profile }: Settings,
  value: Terms,
): Terms {
  where.set(key, { provider, profile, terms: value })
  return value
}

function made(realm: OAuth2Provider, profile: Profile, client: ClientMetadata | undefined): Terms {
  const said = { profile, realm, client }
  const parts = parted(terms, said)
  const watched = parts && (Object.freeze(valuesOf(parts.demanded)) as TermValues)
  // The copy is what V8 reads fast: an object that grew to this many members is a hash table.
  const values = { ...valuesOf(parts?.enforced ?? said), watched, watching: parts?.names ?? [] }
  return Object.freeze(values) as unknown as Terms
}

function valuesOf({ profile, realm, client }: Said): Readonly<Record<string, unknown>> {
  const rows = Object.entries<Term<unknown>>(terms)
  return Object.fromEntries(rows.map(([name, row]) => [name, row.of(profile, realm, client)]))
}

/** The profile of a client without what is only watched of it. */
export function enforcedProfile(realm: Settings, client: ClientMetadata): Profile {
  const profile = profileOf(realm, client)
  return parted(terms, { profile, realm: realm.provider, client })?.enforced.profile ?? profile
}

/**
 * Refuses what breaks a requirement, or lets it through and tells of it where that is only watched (C-31): the one
 * place that decides which.
 *
 * @throws OAuthError what `refusal` makes.
 */
export function demand(
  terms: Terms,
  requirement: RequirementName,
  isBroken: (held: TermValues) => boolean,
  refusal: (held: TermValues) => OAuthError,
): void {
  if (isBroken(terms)) throw refusal(terms)
  if (terms.watched !== undefined)
    watch(terms, requirement, isBroken, (held) => refusalOf(refusal(held)))
}

/** The second half of it, for what was held to a value of the terms elsewhere. */
export function watch(
  { watched }: Terms,
  requirement: RequirementName,
  isBroken: (held: TermValues) => boolean,
  told: (held: TermValues) => Refusal,
): void {
  if (watched !== undefined && isBroken(watched)) tellBreach({ requirement, ...told(watched) })
}
