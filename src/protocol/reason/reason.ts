import type { ErrorCode } from '../error.ts'

/** Why a request can be refused, for whoever wants to know more than the wire says: the rule in one sentence, and where it is from. */
export interface Reason {
  /** What does not hold, in a plain sentence for a developer; values that were sent do not stand there. */
  readonly says: string
  readonly section: string
  /** A ruling of ours that stands beside the section, or instead of it: its id in docs/reference/rules.md. */
  readonly rule?: string
  /** The codes it has on the wire: PingAM's own word and that of the RFCs where they differ. */
  readonly codes: readonly ErrorCode[]
}

export type Reasons = Readonly<Record<string, Reason>>
