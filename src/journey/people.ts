import type { Json, JsonObject } from '../base/json.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Realm } from '../realm/realm.ts'
import type { AddressSeen } from '../user/account/account-index.ts'
import type { EndUser } from '../user/end-user.ts'

/** What the server around a journey lends it. */
export interface Around {
  /** Where whoever comes with a link goes on (PingAM: `resumeURI`), once it has its id. */
  resumeUri(suspendedId: string): string
  readonly people: People
}

/**
 * Accounts as managed objects, for nodes that find, make and change them (PingIDM: managed user). They go by the rows
 * and rules of the administration, which stand to the right of journeys: so they are handed in.
 */
export interface People {
  /** What an account holds, and what journeys note of it; no password. Undefined: there is none. */
  read(realm: Realm, sub: string): Promise<JsonObject | undefined>
  /**
   * The account whose attribute has that value: of several the one of whom that is confirmed. Undefined where it is
   * nobody's, or nothing tells whose.
   */
  find(realm: Realm, attribute: string, value: Json): Promise<EndUser | undefined>
  /** Whether a query filter asks for an account; undefined: the text is no filter. */
  fits(realm: Realm, sub: string, filter: string): Promise<boolean | undefined>
  create(
    realm: Realm,
    attributes: JsonObject,
    terms: Pick<PutTerms, 'by' | 'confirmed' | 'unclaimed'>,
  ): Promise<Put>
  patch(realm: Realm, sub: string, attributes: JsonObject, terms: PutTerms): Promise<Put>
  /** What is wrong with a value that somebody new, or the account given, is to have. */
  problems(realm: Realm, wanted: Wanted): Promise<readonly Problem[]>
  /** The rules an attribute goes by, as PingIDM writes them. */
  policies(realm: Realm, attribute: string): JsonObject
  /** What every account must have. */
  readonly required: readonly string[]
}

/** A value that somebody wants an attribute to have. */
export interface Wanted {
  readonly attribute: string
  readonly value: Json
  /** Who they are; empty: somebody new. */
  readonly sub?: string | undefined
  /** How they are, or want to be, called: a password must not be that. */
  readonly username?: string | undefined
}

/** On whose word, and up to where, an account is written. */
export interface PutTerms {
  /** For the log. */
  readonly by: string
  /** No more than users may change about themselves. */
  readonly own: boolean
  /** Where the counter of the account has to stand, which the write itself looks at; absent: anywhere. */
  readonly epoch?: number | undefined
  /** The mail address that whoever is there has shown to be theirs; absent: none. */
  readonly confirmed?: string | undefined
  /** The mail address of a new account that was nobody's when it was looked up: it is made only if that is still so. */
  readonly unclaimed?: AddressSeen | undefined
}

/** What became of a write. */
export type Put =
  | { readonly kind: 'done'; readonly user: EndUser }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
