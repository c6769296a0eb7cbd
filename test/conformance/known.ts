/**
 * Warnings that are the suite's own, each with the line of its source it comes of. Only a warning of exactly this condition
 * about exactly these names is excused, and the page tells of each one.
 */
/** An entry of a module's log, as far as it is read here; what a condition tells stands beside these members. */
export interface LogEntry {
  readonly result?: string
  readonly src?: string
  readonly msg?: string
  /** The page a person would have taken a picture of. */
  readonly page_source?: string
  readonly [told: string]: unknown
}

interface Known {
  readonly condition: string
  /** Names the condition complains of, no more and no fewer. */
  readonly names: readonly string[]
  /** What of the suite's source says otherwise than the specification. */
  readonly source: string
  readonly why: string
}

export const known: readonly Known[] = [
  {
    condition: 'CheckForUnexpectedClaimsInIdToken',
    names: ['sid'],
    source:
      'condition/client/ValidateIdTokenStandardClaims.java, line 11, `idTokenNonIdentityClaims`',
    why: 'lacks `sid`, which OIDC Front-Channel Logout §3 registers, and which a logout by `id_token_hint` needs here',
  },
]

/** The row that excuses a warning; undefined where none does. */
export function knownAs(entry: LogEntry): Known | undefined {
  return known.find(
    ({ condition, names }) =>
      entry.result === 'WARNING' &&
      entry.src === condition &&
      namesTold(entry).join() === [...names].sort().join(),
  )
}

const always = new Set([
  ...[
    '_id',
    'blockId',
    'msg',
    'requirements',
    'result',
    'src',
    'startBlock',
    'testId',
    'testOwner',
  ],
  ...['time', 'upload'],
])

/** What an entry tells beside what all entries have. */
function namesTold(entry: LogEntry): readonly string[] {
  return Object.keys(entry)
    .filter((name) => !always.has(name))
    .sort()
}
