import type { ClientMetadata } from '../../protocol/client-metadata.ts'
import type { Profile } from '../../protocol/profile.ts'
import type { OAuth2Provider } from '../../realm/oauth2-provider.ts'

/** The names that profile, realm and client have for what they say of a rule; absent: nothing to say. */
export interface Sources {
  readonly profile?: readonly (keyof Profile)[]
  readonly realm?: readonly (keyof OAuth2Provider)[]
  readonly client?: readonly (keyof ClientMetadata)[]
}

/** One rule that more than one of profile, realm and client may decide, or the profile for each client. */
export interface Term<T> extends Sources {
  /** How what they say becomes one value, in words. */
  readonly combine: string
  /** Where the rule is from. */
  readonly section: string
  /** One sentence for the reference page: what the value is. */
  readonly says: string
  /** The value; without a client what the realm offers, which its clients can only narrow or raise. */
  readonly of: (profile: Profile, realm: OAuth2Provider, client: ClientMetadata | undefined) => T
}

/** Some names out of all that are served, or all of them. */
export type Names = readonly string[] | 'any'

/** Whether a name is among them. */
export function permits(names: Names, name: string): boolean {
  return names === 'any' || names.includes(name)
}

/** Keys of settings of one type. */
type Keys<T, V> = { [K in keyof T]: T[K] extends V ? K : never }[keyof T]

/** A row whose value has a rule of its own. */
export function term<T>(
  sources: Sources,
  combine: string,
  section: string,
  says: string,
  of: Term<T>['of'],
): Term<T> {
  return { ...sources, combine, section, says, of }
}

/** What the client's profile says, whatever realm and client set. */
export function byProfile<K extends keyof Profile>(
  profile: K,
  section: string,
  says: string,
): Term<Profile[K]> {
  return term({ profile: [profile] }, 'the profile alone', section, says, (own) => own[profile])
}

/** What is demanded as soon as one of them demands it. */
export function anyOf(
  names: {
    readonly profile?: Keys<Profile, boolean>
    readonly realm: Keys<OAuth2Provider, boolean>
    readonly client: Keys<ClientMetadata, boolean>
  },
  section: string,
  says: string,
): Term<boolean> {
  const { profile, realm, client } = names
  return term(
    { ...(profile && { profile: [profile] }), realm: [realm], client: [client] },
    'any of them',
    section,
    says,
    (own, provider, metadata) =>
      (profile !== undefined && own[profile]) || provider[realm] || metadata?.[client] === true,
  )
}

/** A number of the client's, or the realm's where the client has 0. */
export function numberOf(
  client: Keys<ClientMetadata, number>,
  realm: Keys<OAuth2Provider, number>,
  section: string,
  says: string,
): Term<number> {
  return term(
    { realm: [realm], client: [client] },
    'the client, unless 0; else the realm',
    section,
    says,
    (_, provider, metadata) => {
      const own = metadata === undefined ? 0 : metadata[client]
      return own === 0 ? provider[realm] : own
    },
  )
}

/** A list of the client's, or the realm's where the client has none. */
export function listOf(
  client: Keys<ClientMetadata, readonly string[]>,
  realm: Keys<OAuth2Provider, readonly string[]>,
  section: string,
  says: string,
): Term<readonly string[]> {
  return term(
    { realm: [realm], client: [client] },
    'the client, unless empty; else the realm',
    section,
    says,
    (_, provider, metadata) => {
      const own = metadata === undefined ? [] : metadata[client]
      return own.length > 0 ? own : provider[realm]
    },
  )
}

/** PingAM: a setting of the realm that a client replaces with its own while its overrides are on. */
export function overridable(
  name: Keys<OAuth2Provider, boolean> & Keys<ClientMetadata, boolean>,
  section: string,
  says: string,
): Term<boolean> {
  return term(
    { realm: [name], client: ['providerOverridesEnabled', name] },
    'the client while its overrides are on, else the realm',
    section,
    says,
    (_, provider, metadata) =>
      metadata?.providerOverridesEnabled === true ? metadata[name] : provider[name],
  )
}
