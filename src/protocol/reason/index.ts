/** Why a request can be refused, for whoever wants to know more than the wire says: the rule in one sentence, and where it is from. */
export interface Reason {
  /** What does not hold, in a plain sentence for a developer; values that were sent do not stand there. */
  readonly says: string
  readonly section: string
}

/** Every reason; an error names its row by `why`. */
export const reasons = {
  'redirect-uri-unregistered': {
    says: 'The redirect_uri is none that is registered for the client.',
    section: 'RFC 6749 §3.1.2.3',
  },
} as const satisfies Readonly<Record<string, Reason>>

export type ReasonName = keyof typeof reasons
