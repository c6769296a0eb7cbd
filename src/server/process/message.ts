/*
 * process: several processes that serve together: a primary, which hands out connections and serves nothing, and
 * its workers. It knows how processes begin, end and speak with each other, and nothing of what they serve.
 */
import type { Part } from '../../config/document/text.ts'
import type { MetricValues } from '../observe/sum.ts'
import type { Settings } from '../settings.ts'

/** What a primary was started with, and each of its workers is, whenever that begins. */
export interface Handed {
  readonly settings: Settings
  /** What is to be in the store, as it was read. */
  readonly parts?: readonly Part[] | undefined
}

/** What a worker tells its primary. */
export type Told =
  | {
      readonly told: 'serving'
      readonly origin: string
      /** For whoever typed the command: what a demo says when it is up. */
      readonly said: string | undefined
      /** Whether it has to be said whoever else has said his: a password was made just now. */
      readonly made: boolean
    }
  /** It asks for what it is to serve by. */
  | { readonly told: 'handing wanted' }
  | { readonly told: 'metrics'; readonly values: MetricValues }
  | { readonly told: 'sum wanted'; readonly id: number }
  /** It asks to be told that this was read. */
  | { readonly told: 'seen wanted' }
  /** It accepts no more. */
  | { readonly told: 'closed' }

/** What a primary orders. */
export type Order =
  | { readonly order: 'stop' }
  | { readonly order: 'handing'; readonly handed: Handed }
  | { readonly order: 'metrics' }
  | { readonly order: 'seen' }
  /** No worker accepts any more, and the port is closed. */
  | { readonly order: 'all closed' }
  | { readonly order: 'sum'; readonly id: number; readonly text: string }
