/* Writes as plain data, as they wait in a queue, and travel to another thread or another machine. */
import type { Outcome, SingleUseKey } from './store.ts'

export interface Insert {
  readonly verb: 'insert'
  readonly key: string
  readonly version: number
  readonly expiry: number
  readonly value: Uint8Array
  readonly mark: SingleUseKey | undefined
}

export interface Replace extends Omit<Insert, 'verb'> {
  readonly verb: 'replace'
  /** The version it must still have. */
  readonly from: number
}

export interface Delete {
  readonly verb: 'delete'
  readonly key: string
}

/** What the verbs of a store come to. */
export type Write = Insert | Replace | Delete

/** What a write is answered: insert and replace, delete. */
export type Answer = Outcome | boolean
