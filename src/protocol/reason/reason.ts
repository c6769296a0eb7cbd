/** Why a request can be refused, for whoever wants to know more than the wire says: the rule in one sentence, and where it is from. */
export interface Reason {
  /** What does not hold, in a plain sentence for a developer; values that were sent do not stand there. */
  readonly says: string
  readonly section: string
}

export type Reasons = Readonly<Record<string, Reason>>
