import type { Random } from '../base/random.ts'
import type { Ready } from '../base/ready.ts'
import type { Clock } from '../base/time.ts'
import type { MasterKeys } from './key.ts'
import type { Shelf } from './store.ts'

/**
 * Where the writes of a file are made: on the thread that serves, which is cheapest where a disk
 * answers quickly, or on one of their own, so that a slow disk holds up nobody else.
 */
export type WriterPlace = 'here' | 'thread'

/** One of the two that a store has: what lasts, and what lives shortly. */
export type ShelfName = 'settings' | 'records'

/** Both. */
export const shelfNames: readonly ShelfName[] = ['settings', 'records']

/**
 * What an answered write outlives: `disk`, that the machine which keeps it loses power; `replica`, that it is lost
 * altogether.
 */
export type Durability = 'disk' | 'replica'

/** Where to keep things and under which key. */
export interface StoresOptions {
  /** A scheme and what it wants: one of `storeUrls`. */
  readonly url: string
  /** The same for the settings, where they are kept elsewhere than the records. */
  readonly settingsUrl?: string | undefined
  /** What is asked of them; a store that cannot promise it is not opened. Undefined: whatever it has. */
  readonly durability?: Durability | undefined
  /** See `parseMasterKeys`; without it the key lies in a file of the directory. */
  readonly keyText?: string | undefined
  readonly now: Clock
  /** Before when a record has ended that a sweep may delete; `now` if it is not said. */
  readonly sweepable?: Clock | undefined
  readonly random: Random
  /** A directory of this machine, where is witnessed how far a store has come that others keep; see `store/restored`. */
  readonly data?: string | undefined
  /** For `sqlite:`; measured at the start if it is not said. */
  readonly writer?: WriterPlace | undefined
}

/** What belongs to shelves beside what is on them. */
interface Beside {
  /** Throws what is wrong with what was given. */
  readonly keys: () => MasterKeys
  /** The second up to which nothing counts that was issued; 0 if it never had to be said. */
  readonly accepted: number
}

/** The two shelves as they lie there, not yet unsealed. */
export interface Shelves extends Beside {
  readonly settings: Shelf
  readonly records: Shelf
}

/** One of them, where the other is kept elsewhere. */
export interface OneShelf extends Beside {
  readonly shelf: Shelf
}

/** A kind of store: one row, listed in `index.ts`. `rest` is what follows the scheme of its URL. */
export interface Backend {
  /** What its URLs begin with, before the colon. */
  readonly scheme: string
  /** Other beginnings that mean it; `open` and its like are then given them too, see `located`. */
  readonly alsoSchemes?: readonly string[]
  /** Its URL as the documents and the refusals of another one write it. */
  readonly url: string
  /** Where things are then, in a few words. */
  readonly about: string
  /** Promises: what it has told of outlives the process, and at least one of these; none: it does not. */
  readonly durable: readonly Durability[]
  /** Promises: several processes may serve it at once. */
  readonly shared: boolean
  /** Throws what is wrong with the rest of a URL. Makes nothing. */
  check(rest: string): void
  /** Whether something was ever stored there. Makes nothing. */
  isThere(rest: string, shelf?: ShelfName): Ready<boolean>
  /** Whether a URL names several of which one takes over from another; absent: none does. */
  readonly failsOver?: (rest: string) => boolean
  /** Both shelves. Throws where they cannot be used as the options want. */
  open(rest: string, options: StoresOptions): Ready<Shelves>
  /** One of them, where the other one is in another store; absent where that makes no sense. */
  readonly openOne?: (rest: string, shelf: ShelfName, options: StoresOptions) => Ready<OneShelf>
  /**
   * A place of its own beside the one a URL names, where something is tried before a store is laid out there, and
   * what removes it; absent where opening a store lays out nothing.
   */
  readonly beside?: (
    url: string,
    name: string,
  ) => { readonly url: string; readonly remove: () => Promise<void> }
  /** Another process that has it open, where the system tells of them; absent where it does not. */
  readonly holder?: (rest: string) => number | undefined
  /** Makes of what is left a store that is served again; absent where nothing can be left that was lost in part. */
  readonly accept?: (rest: string, options: AcceptOptions) => Acceptance
}

/** What was found of a file: commits in it, and commits its mark tells of, undefined if it tells nothing. */
export interface FoundFile {
  readonly file: string
  readonly commits: number | undefined
  readonly acknowledged: number | undefined
}

/** What an operator accepted. */
export interface Acceptance {
  readonly settings: FoundFile
  readonly records: FoundFile
  /** Where the records went that no longer count; undefined if they were kept, or there were none. */
  readonly setAside: string | undefined
}

/** What to do with the records, and when. */
export interface AcceptOptions {
  readonly keepRecords: boolean
  readonly now: number
  readonly random: Random
}
