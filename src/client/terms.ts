/**
 * What a client is held to here: everything that profile, realm and client decide together, as one flat
 * value, made from one table. Rules, registration, discovery and the reference page read the same rows.
 */
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import type { Profile } from '../protocol/profile.ts'
import { profiles } from '../protocol/profile.ts'
import type { OAuth2Provider } from '../realm/oauth2-provider.ts'
import type { Realm } from '../realm/realm.ts'
import { admissionTerms } from './terms/admission.ts'
import { authenticationTerms } from './terms/authentication.ts'
import { requestTerms } from './terms/request.ts'
import { requestObjectTerms } from './terms/request-object.ts'
import { responseTerms } from './terms/response.ts'
import type { Term } from './terms/row.ts'
import { tokenTerms } from './terms/token.ts'

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
export type Terms = {
  readonly [K in keyof typeof terms]: (typeof terms)[K] extends Term<infer T> ? T : never
}

/** What of a realm values were made from: a change of its settings makes both anew. */
type Settings = Pick<Realm, 'provider' | 'profile'>

interface Kept {
  readonly provider: OAuth2Provider
  readonly profile: Profile
  readonly terms: Terms
}

/** What a client is held to: its own profile, else the realm's. */
export function profileOf(realm: Pick<Realm, 'profile'>, client: ClientMetadata): Profile {
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

function made(
  provider: OAuth2Provider,
  profile: Profile,
  client: ClientMetadata | undefined,
): Terms {
  const rows = Object.entries<Term<unknown>>(terms)
  const values = Object.fromEntries(
    rows.map(([name, row]) => [name, row.of(profile, provider, client)]),
  )
  // The copy is what V8 reads fast: an object that grew to this many members is a hash table.
  return Object.freeze({ ...values }) as Terms
}
