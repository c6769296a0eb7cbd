/**
 * Journeys, their nodes and scripts as an operator manages them: documents of a realm that are what AM's JSON says, each
 * where versions before only kept it. What sets the three apart is a row.
 */
import type { JsonObject } from '../../base/json.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import type { StoredJourneyDocument } from '../../realm/journey/document.ts'
import type { Realm } from '../../realm/realm.ts'
import type { ToldChanges } from '../difference.ts'
import type { Change, Kind, Saved } from '../kind.ts'

/** What one of these kinds has of its own. */
export interface DocumentRow extends Pick<Kind, 'name' | 'backup'> {
  readonly member: string
  /** Where its documents are, below `/am/json/<realm>`. */
  readonly folder: string
  /** How many a realm may have, and bytes of each. */
  readonly most: { readonly documents: number; readonly bytes: number }
  readonly schema: JsonSchema
  readonly template: JsonObject
  /** What filters take it to say where it says nothing. */
  readonly defaults: JsonObject
  readonly isId: (id: string) => boolean
  /** The ids of what every realm has until somebody saves another of that id, and what it is. */
  readonly inherentIds: readonly string[]
  readonly inherent: (realm: Realm, id: string) => JsonObject | undefined
  /** A document without what answers say beside it; exports and versions before have that too. */
  readonly bare: (id: string, document: JsonObject) => JsonObject
  /** What somebody wants one to be, or why it cannot be. */
  readonly take: (asked: Asked) => Promise<Taken>
  /** Names of secrets, whose values are shown to nobody. */
  readonly secrets?: (id: string) => readonly string[]
  /** Whether what a member says is told to nobody, though it is shown. */
  readonly isHidden?: (path: string) => boolean
  /** Paths of what is kept and never obeyed; `*`: all of it. */
  readonly kept: (id: string, document: JsonObject) => readonly string[]
  /** The same, and whatever else of it is not served now. */
  readonly unserved: (realm: Realm, id: string, document: JsonObject) => Promise<readonly string[]>
  /**
   * The id of what another process has written meanwhile, beside which this cannot stand: then it is taken back and decided
   * anew. Of two that clash whoever wrote last sees the other, so that at most one is left.
   */
  readonly clash?: (
    realm: Realm,
    id: string,
    before: Stand,
    after: JsonObject,
  ) => Promise<string | undefined>
  /** After a write; and where there was nothing to write, with the same twice. */
  readonly settle?: (realm: Realm, id: string, before: Stand, after: Stand) => Promise<void>
  readonly tellSaved: (told: ToldWrite & { readonly created: boolean }) => void
  readonly tellDeleted: (told: ToldWrite) => void
}

/** What is stored: null of what was removed, undefined where nothing is. */
export type Stand = StoredJourneyDocument['document'] | undefined

/** What somebody wants one to be, without its secrets where they leave them as they are. */
export interface Asked {
  readonly realm: Realm
  readonly id: string
  readonly input: JsonObject
  readonly before: JsonObject | undefined
  readonly change: Change
}

export type Taken =
  | { readonly outcome: 'taken'; readonly document: JsonObject }
  | Extract<Saved, { readonly outcome: 'invalid' | 'unknown' }>

/** For the log. */
export interface ToldWrite {
  readonly realm: Realm
  readonly id: string
  readonly by: string
  readonly changes: ToldChanges
}
