/** Where the store of a test lies, and what can be done to it there. `places.ts` has a row for each. */
import { randomBytes } from 'node:crypto'
import type { Durability } from '../../src/store/backend.ts'
import type { NodeHost } from './node.ts'
import type { StoreWire } from './store-wire.ts'

export interface Place {
  /** Settings of a server whose store is here. */
  readonly settings: Readonly<Record<string, string>>
  /** Of a store in files: where they are. */
  readonly directory?: string
  /** That directory is on a disk which is soon full. */
  readonly small?: true
  /** Of a store that is a server of its own. */
  readonly store?: StoreServer
  /** What its servers are reached by. */
  readonly wire?: StoreWire
  /** Kills what takes the writes, says so, and resolves when something else does and the store is whole again. */
  readonly failOver?: (killed: () => void) => Promise<void>
  /** Where its servers run, if they are not processes beside the test. */
  readonly hosts?: readonly NodeHost[]
  /**
   * Cuts what takes the writes off from everything else but the first so many servers, says so, and resolves when
   * all was done that an operator does about it.
   */
  readonly isolate?: (servers: number, cut: () => void) => Promise<Isolation>
  /** When something else takes the writes, what was acknowledged last may be gone: it is counted, and no fault. */
  readonly mayLose?: true
  /** Then no write is answered before what was replaced follows, since nothing else could be the replica of it. */
  readonly waitsForAll?: true
  close(): Promise<void>
}

/** What is cut off. */
export interface Isolation {
  /**
   * Joins it to the others again, says so, and resolves when the store is whole. What it gives says later what went
   * wrong by that, a sentence for each.
   */
  readonly rejoin: (joined: () => void) => Promise<() => Promise<readonly string[]>>
}

/** A process that keeps the store. */
export interface StoreServer {
  readonly port: number
  readonly kill: () => Promise<void>
  readonly restart: () => Promise<void>
  readonly signal: (name: NodeJS.Signals) => void
  readonly close: () => Promise<void>
}

/** What servers ask of their store (`PARAPET_DURABILITY`); undefined: nothing. */
export interface Wanted {
  readonly durability: Durability | undefined
  /** How many there are going to be. */
  readonly servers: number
}

/** A place, and why it cannot be had here. */
export interface PlaceKind {
  readonly missing: () => string | undefined
  readonly open: (wanted: Wanted) => Promise<Place>
}

/** What all servers of a store seal with. */
export const sharedKey = randomBytes(32).toString('hex')

/** Redis answers before a replica has it, unless it is asked to wait for one; then it needs one that is left. */
export function replicated(
  { durability }: Wanted,
  replicas: number,
): Pick<Place, 'mayLose' | 'waitsForAll'> {
  if (durability !== 'replica') return { mayLose: true }
  return replicas > 1 ? {} : { waitsForAll: true }
}

/** What servers of a store that is elsewhere are given: where, what they ask of it, and the key that they share. */
export function elsewhere(url: string, { durability }: Wanted): Readonly<Record<string, string>> {
  const asked = durability === undefined ? {} : { PARAPET_DURABILITY: durability }
  return { PARAPET_STORE: url, PARAPET_KEY: sharedKey, ...asked }
}
