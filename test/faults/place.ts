/** Where the store of a test lies, and what can be done to it there. `places.ts` has a row for each. */
import { randomBytes } from 'node:crypto'
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
  /** Kills what takes the writes, and resolves when something else does. */
  readonly failOver?: () => Promise<void>
  close(): Promise<void>
}

/** A process that keeps the store. */
export interface StoreServer {
  readonly port: number
  readonly kill: () => Promise<void>
  readonly restart: () => Promise<void>
  readonly signal: (name: NodeJS.Signals) => void
  readonly close: () => Promise<void>
}

/** A place, and why it cannot be had here. */
export interface PlaceKind {
  readonly missing: () => string | undefined
  readonly open: () => Promise<Place>
}

/** What all servers of a store seal with. */
export const sharedKey = randomBytes(32).toString('hex')

/** What servers of a store that is elsewhere are given: where, and the key that they share. */
export const elsewhere = (url: string): Readonly<Record<string, string>> => ({
  PARAPET_STORE: url,
  PARAPET_KEY: sharedKey,
})
