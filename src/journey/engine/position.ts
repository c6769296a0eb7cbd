import type { Json } from '../../base/json.ts'
import type { Asked } from '../callback/callback.ts'
import type { JourneyState } from '../state.ts'

/** A journey that runs, and where it stands. Inner ones stand in front of those that wait for them. */
export interface Frame {
  readonly tree: string
  readonly version: string
  /** Id of a node, or of one of the two ends. */
  readonly node: string
  /** It was entered by a node that has the outcome `error`. */
  readonly catches: boolean
}

/** Where a journey waits for an answer, or for whoever comes with its link. */
export interface Position {
  readonly frames: readonly Frame[]
  readonly state: JourneyState
  /** What was asked, by whichever node stands in the first frame. */
  readonly asked: readonly Asked[]
  readonly onPage: boolean
  readonly header?: string | undefined
  readonly description?: string | undefined
  readonly stage?: string | undefined
  /** What that node kept for itself. */
  readonly kept?: Json | undefined
  readonly suspended: boolean
  /** Of the node that asked (`settingsDigest`); absent: a version before has not kept it. */
  readonly settings?: string
}

/** A journey under way has come to where its tree, or the node that asked, is another one by now. */
export class JourneyChanged extends Error {
  override readonly name = 'JourneyChanged'
}
