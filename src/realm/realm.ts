/**
 * realm: everything that differs between tenants, in one immutable value, and how a request finds
 * its realm. Knows nothing of clients, users or grants.
 */
import type { KeyObject } from 'node:crypto'
import type { HashCost } from '../base/argon2.ts'
import type { GetText } from '../base/fetch/get-text.ts'
import type { Random } from '../base/random.ts'
import type { Ready } from '../base/ready.ts'
import type { Clock } from '../base/time.ts'
import type { Certificate } from '../jose/x509/certificate.ts'
import type { Mail } from '../mail/mail.ts'
import type { Profile } from '../protocol/profile.ts'
import type { KeptAttribute, PluginScripts } from '../protocol/unserved/attribute.ts'
import type { Store } from '../store/store.ts'
import type { AuthenticationSettings } from './authentication/setting.ts'
import type { CorsConfiguration } from './cors.ts'
import type { DetailsTypes } from './details-type.ts'
import type { JourneyList } from './journey/list.ts'
import type { RealmKeys } from './key/keys.ts'
import type { Purpose } from './key/secrets.ts'
import type { MtlsAlias } from './mtls-alias.ts'
import type { OAuth2Provider } from './oauth2-provider.ts'
import type { ScriptedPeople, ScriptRules } from './script/rules.ts'

/** Key material that lives outside the database, newest version first; see `store/key.ts`. */
export interface HandleKey {
  readonly version: number
  readonly key: KeyObject
}

/** How certificates of clients come to this server, and who vouches for them (RFC 8705 §2). */
export interface ClientCertificates {
  /** TLS connections ask for one: its own, or those of whoever serves the address for that. */
  readonly asked: boolean
  /** Trusted proxies may hand them on, in the header a realm names. */
  readonly proxied: boolean
  /** CAs of `tls_client_auth`; the only ones. */
  readonly authorities: readonly Certificate[]
  /** Where they are shown, if that is an address of its own. */
  readonly alias?: MtlsAlias | undefined
}

/** A realm as one request addressed it. A settings change makes a new one. */
export interface Realm {
  /** `/` or `/alpha`. */
  readonly path: string
  /** False: only its configuration is served. */
  readonly active: boolean
  /**
   * The path, and which realm of that path it is: what was made for one serves no later one (C-37).
   * Everything that is derived or signed for a realm is so for this name.
   */
  readonly identity: string
  /** Issuer identifier in the path form of this request (PingAM mirrors it), no trailing slash. */
  readonly issuer: string
  /** Scheme, host, port and context path: `http://localhost:8080/am`. */
  readonly url: string
  readonly provider: OAuth2Provider
  /** How people log in. What of it stands among the provider's settings too is the same there. */
  readonly authentication: AuthenticationSettings
  /** The default profile; a client may have another. */
  readonly profile: Profile
  /** Changes whenever the realm's settings or keys change. */
  readonly version: number
  /** What its settings hold that is not served; nearly always nothing. */
  readonly unserved: readonly KeptAttribute[]
  /** Scripts that its settings name for plug-in points; absent: none, as nearly always. */
  readonly pluginScripts?: PluginScripts
  /** Types of authorization details, by their names; nearly always none. */
  readonly detailsTypes: DetailsTypes
  /** The journeys it has written down; built-in ones that nobody changed are not among them. */
  readonly journeys: JourneyList
  /** What PingAM's CORS service lets web origins do in every realm, beside those this one lists. */
  readonly cors: readonly CorsConfiguration[]
  readonly keys: RealmKeys
  readonly handleKeys: readonly HandleKey[]
  /** A key of this realm for one purpose, with which what is new is made: `csrf`, `auth-id`, `interaction`. */
  readonly secret: (purpose: Purpose) => KeyObject
  /** All with which something may have been made that is still alive, most likely the first. */
  readonly secrets: (purpose: Purpose) => readonly KeyObject[]
  /** Short-lived records: authorizations, sessions, single uses. */
  readonly records: Store
  /** Realms, clients, users, consents, keys. */
  readonly settings: Store
  readonly certificates: ClientCertificates
  /** The root realm, whose administrators and service accounts are over all realms. */
  readonly root: () => Ready<Realm | undefined>
  /**
   * The second in which an operator accepted a store that had lost something: which assertions had
   * been used by then nobody knows any more. 0 if that never happened.
   */
  readonly accepted: number
  /** For what is handed out here and taken back here: it never goes back. See `base/trusted-time.ts`. */
  readonly now: Clock
  /** For what is said to others, and what they say. */
  readonly timeOfDay: Clock
  readonly random: Random
  /** What a new hash of a password or secret costs; absent: as much as is advised. */
  readonly hashCost?: HashCost | undefined
  /** How the log has a name that somebody tried; absent: as a keyed hash. */
  readonly logNames?: 'hash' | 'plain' | 'none' | undefined
  /** How letters leave; absent: they do not. */
  readonly mail?: Mail | undefined
  /** What scripts may take, and what stands outside the store for them; absent: as is usual. */
  readonly scripts?: ScriptRules | undefined
  /** Accounts by the rules of every door, for scripts; absent where nobody has handed that in. */
  readonly people?: ((realm: Realm) => ScriptedPeople) | undefined
  readonly fetch: typeof fetch
  /** How what clients publish at addresses of their own is got. */
  readonly getText: GetText
}

/** Where the settings shelf has a realm's record. */
export function realmKey(path: string): string {
  return `realm/${realmName(path)}`
}

/** The name of a realm inside keys of the settings shelf: one path segment. */
export function realmName(path: string): string {
  return encodeURIComponent(path)
}
