/**
 * history: what became of a push or an authorization, told for a day. Reads what requests tell of
 * themselves (`base/trace.ts`) and decides nothing. No secret stands in it: what a client holds leads to the
 * record's key, and that is what an entry names.
 */
import type { Breach, Refusal, Trace } from '../base/trace.ts'

/** By client; `*` for those without one, and for the clients beyond the first thousand. */
export type LeftOut = Readonly<Record<string, number>>

/** What is kept of one request. */
export interface Entry {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Name of the request. */
  readonly id: string
  readonly endpoint: string
  readonly status: number
  /** The registered client that it named; empty: none. */
  readonly client: string
  /** Which client of that id it was (C-37); undefined: it was gone when this was written. */
  readonly incarnation: string | undefined
  /** Key of the record, in hex; empty: it was about none. */
  readonly about: string
  readonly steps: readonly string[]
  /** The journey of a login that failed, and the node after which it did. */
  readonly failedAt: Trace['failedAt']
  /** The `sub` of whoever was logged in; empty: nobody. */
  readonly user: string
  readonly refused: Omit<Refusal, 'reason'> | undefined
  /** What it would have been refused for (C-31): names of rows of reasons. */
  readonly breaches: readonly string[]
}

/** A row: entries of one realm that one process wrote at once. */
export interface Row {
  readonly entries: readonly Entry[]
  /** How many were left out since the last row of that process that says so. */
  readonly leftOut: LeftOut
}

/** What requests have in common of which a row tells: most are alike, so a row says it once. */
type Kind = readonly [
  endpoint: string,
  status: number,
  client: string,
  steps: string,
  code?: string | undefined,
  why?: string | null,
  parameter?: string | null,
  differs?: string | null,
]

type Packed = readonly [after: number, kind: number, id: string, about?: string, user?: string]

interface PackedRow {
  readonly at: number
  readonly clients: Readonly<Record<string, string>>
  readonly leftOut: LeftOut
  readonly kinds: readonly Kind[]
  readonly entries: readonly Packed[]
}

/** What a request has in common with others, as it stands in its row. */
export function kindText({
  endpoint,
  status,
  client = '',
  steps,
  refusal,
  failedAt,
  breaches,
}: Trace): string {
  const told =
    breaches === undefined && failedAt === undefined
      ? steps
      : [...steps, ...(breaches ?? []).map(breachStep), ...placeSteps(failedAt)]
  const kind = `[${quoted(endpoint)},${status},${quoted(client)},${quoted(told.join(' '))}`
  if (refusal === undefined) return `${kind}]`
  const { code, why = null, parameter = null, differs = null } = refusal
  return `${kind},${JSON.stringify([code, why, parameter, differs]).slice(1)}`
}

/** Among the steps of a request, where a version that knows none of it tells it by this name. */
const breachPrefix = 'would_refuse:'

function breachStep({ why = '' }: Breach): string {
  return breachPrefix + why
}

/** In the same way: where a login failed. */
const placePrefix = 'failed_at:'

function placeSteps(at: Trace['failedAt']): readonly string[] {
  if (at === undefined) return []
  return [`${placePrefix}${encodeURIComponent(at.journey)}/${encodeURIComponent(at.node)}`]
}

function placeIn(told: readonly string[]): Trace['failedAt'] {
  const step = told.find((each) => each.startsWith(placePrefix))
  if (step === undefined) return undefined
  const [journey = '', node = ''] = step
    .slice(placePrefix.length)
    .split('/')
    .map(decodeURIComponent)
  return { journey, node }
}

/** What it has alone; `after`: milliseconds since the row's first one; `kind`: which of the row's kinds it is of. */
export function entryText(after: number, kind: number, { id, about, user }: Trace): string {
  const entry = `[${after},${kind},${quoted(id)}`
  if (user !== undefined) return `${entry},${quoted(about ?? '')},${quoted(user)}]`
  return about === undefined ? `${entry}]` : `${entry},${quoted(about)}]`
}

const plain = /^[\w/.:@+=-]*$/

/** As JSON; what most texts are needs no escaping. */
function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** What stands in a row beside its entries. `clients`: the incarnations of those that are there. */
export type AroundEntries = Pick<PackedRow, 'at' | 'clients' | 'leftOut'>

/** The value of a row; `kinds` and `entries` are the texts of what stands in it, with commas between them. */
export function packRow(around: AroundEntries, kinds: string, entries: Uint8Array): Buffer {
  const opening = `${JSON.stringify(around).slice(0, -1)},"kinds":[${kinds}],"entries":[`
  return Buffer.concat([Buffer.from(opening), entries, Buffer.from(']}')])
}

export function readRow(value: Buffer): Row {
  const row = JSON.parse(value.toString()) as PackedRow
  return { entries: row.entries.map((each) => unpacked(each, row)), leftOut: row.leftOut }
}

function unpacked(
  [after, of, id, about = '', user = '']: Packed,
  { at, clients, kinds }: PackedRow,
): Entry {
  const [endpoint, status, client, steps, code, ...refused] = kinds[of] as Kind
  const [why, parameter, differs] = refused.map((text) => text ?? undefined)
  const told = steps === '' ? [] : steps.split(' ')
  return {
    at: at + after,
    ...{ id, endpoint, status, client, about, user },
    incarnation: Object.hasOwn(clients, client) ? clients[client] : undefined,
    steps: told.filter((step) => !step.startsWith(breachPrefix) && !step.startsWith(placePrefix)),
    failedAt: placeIn(told),
    breaches: told
      .filter((step) => step.startsWith(breachPrefix))
      .map((step) => step.slice(breachPrefix.length)),
    refused: code === undefined ? undefined : { code, why, parameter, differs },
  }
}
