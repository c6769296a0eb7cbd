/**
 * config: what an operator manages, a row for each kind of object. REST, the configuration file, the
 * commands and the tests' server are doors to these rows: they read and write through them, and none of
 * them has a rule of its own.
 */
import type { JsonObject } from '../base/json.ts'
import type { Problem } from '../protocol/problem.ts'
import type { JsonSchema } from '../protocol/schema.ts'
import type { Realm } from '../realm/realm.ts'
import type { AddressSeen } from '../user/account/account-index.ts'
import type { EndUser } from '../user/end-user.ts'
import type { Notes } from '../user/notes.ts'
import type { Authority } from './authority.ts'
import type { Listed, Query } from './query.ts'

/** An object as it is stored, in the names of AM's JSON. */
export interface Item {
  /** AM's `_id`; empty for what a realm has one of. */
  readonly id: string
  /** AM's `_rev`: another one whenever the object has changed. */
  readonly rev: string
  /** What was never set is absent, and so is every secret. */
  readonly value: JsonObject
  /** Paths of what of it is only kept, whose values are told to nobody (C-39); `*`: all of it; absent: nothing. */
  readonly kept?: readonly string[]
  /** Nobody wrote it: every realm has it from the start. */
  readonly inherent?: true
}

/** Why a write did not come about that nothing was wrong with. */
export type Obstacle =
  /** There is one already. */
  | 'exists'
  /** It is another revision than the one that was meant. */
  | 'stale'
  /** There is none. */
  | 'absent'

/** What must hold for a write to go on, by the revision of what is there; undefined where nothing is. */
export interface Condition {
  obstacle(rev: string | undefined): Obstacle | undefined
  /** Counts on one certain state: to come second is `stale`, and is not tried again. */
  readonly strict: boolean
}

/** Whatever is there. */
export const anyState: Condition = { obstacle: () => undefined, strict: false }

/** Nothing is there. */
export const onlyNew: Condition = {
  obstacle: (rev) => (rev === undefined ? undefined : 'exists'),
  strict: true,
}

/** Who writes, and on what condition. */
export interface Change {
  /** For the log: the name of whoever asked (see `nameIn`), or of the command. */
  readonly by: string
  /** The account of whoever asked; absent: it is none, such as a command. */
  readonly sub?: string
  readonly condition: Condition
  /** By a door of the machine itself (file, command): may hand over what only a backup has, such as hashes. */
  readonly trusted?: true
  /** What somebody says of themselves: of a mail address or number nobody else says that it is theirs. */
  readonly unproven?: true
  /** What journeys note of the account beside, by how it stands: it is written with all else, or not at all. */
  readonly notes?: (user: EndUser) => Partial<Notes>
  /** A new account's mail address, which was nobody's when it was seen: else it comes too late, and is not made. */
  readonly seen?: AddressSeen | undefined
  /** By a door that fills in `${…}` itself: what looks so now is meant so. */
  readonly filled?: true
  /** Absent: by a door of the machine itself, which may do everything. See `mayGive` and `ofOperator`. */
  readonly authority?: Authority
}

/** What tells an object from all others of its kind, in whichever realm. */
export function inRealm({ path }: Pick<Realm, 'path'>, id: string): string {
  return `${path} ${id}`
}

/** What became of a write. */
export type Saved =
  | {
      readonly outcome: 'created' | 'updated'
      readonly item: Item
      /** Paths of what is kept and not served (C-39); absent: nothing. */
      readonly unserved?: readonly string[]
    }
  | { readonly outcome: 'invalid'; readonly problems: readonly Problem[] }
  /** Names no row knows: their paths, and the names there are. */
  | {
      readonly outcome: 'unknown'
      readonly paths: readonly string[]
      readonly known: readonly string[]
    }
  | Forbidden
  | { readonly outcome: Obstacle }

/** It is nothing for whoever asks to do; why, in words. */
export interface Forbidden {
  readonly outcome: 'forbidden'
  readonly problem: Problem
}

export type Removed =
  | { readonly outcome: 'removed'; readonly item: Item }
  | Forbidden
  | { readonly outcome: Obstacle }
  /** It cannot be removed as things are; why, in words. */
  | { readonly outcome: 'refused'; readonly problem: Problem }

/** One kind of object. Every verb is of one realm; the kind `realm` is told the root. */
export interface Kind {
  /** The commands' word: `client`. */
  readonly name: string
  /**
   * The member that holds them in a realm of the configuration file: `clients`. Absent: no file holds any,
   * since they come of what people do: `save` is forbidden.
   */
  readonly member?: string
  /** A realm has exactly one, with an empty id. */
  readonly single?: true
  /** What only a backup has of it, such as hashes, as a `trusted` save takes it back. Absent: nothing. */
  readonly backup?: {
    readonly schema: JsonSchema
    read(realm: Realm, id: string): Promise<JsonObject | undefined>
  }
  /** The ids of what every realm has from the start, and this one has no more. Absent: there is no such thing. */
  removed?(realm: Realm): Promise<readonly string[]>
  /** The attribute that names an object as well as its id does: `username`. Absent: there is none. */
  readonly named?: string
  /** What is served of what `save` accepts, secrets among it; `realm` says what may be chosen from, such as journeys. */
  schema(realm: Realm): JsonSchema
  list(realm: Realm, query: Query): Promise<Listed>
  read(realm: Realm, id: string): Promise<Item | undefined>
  /** A stored value with its defaults filled in, as AM shows it; of nothing: AM's template. */
  show(value: JsonObject): JsonObject
  /** Creates or replaces, as AM's PUT does. */
  save(realm: Realm, id: string, input: JsonObject, change: Change): Promise<Saved>
  remove(realm: Realm, id: string, change: Change): Promise<Removed>
}
