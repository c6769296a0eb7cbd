/**
 * history: what became of a push or an authorization, told for a day. Reads what requests tell of
 * themselves (`base/trace.ts`) and decides nothing. No secret stands in it: what a client holds leads to the
 * record's key, and that is what an entry names.
 */
import type { Refusal, Trace } from '../base/trace.ts'

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
  /** The `sub` of whoever was logged in; empty: nobody. */
  readonly user: string
  readonly refused: Omit<Refusal, 'reason'> | undefined
}

/** A row: entries of one realm that one process wrote at once. */
export interface Row {
  readonly entries: readonly Entry[]
  /** How many were left out since the last row of that process that says so. */
  readonly leftOut: LeftOut
}

/** What waits to be written: told when it happened, read when it is. */
export interface Waiting {
  readonly at: number
  readonly trace: Trace
}

type Packed = readonly [
  after: number,
  id: string,
  endpoint: string,
  status: number,
  client: string,
  about: string,
  steps: string,
  user: string,
  code?: string | undefined,
  why?: string | null,
  parameter?: string | null,
  differs?: string | null,
]

interface PackedRow {
  readonly at: number
  readonly clients: Readonly<Record<string, string>>
  readonly entries: readonly Packed[]
  readonly leftOut: LeftOut
}

/** The value of a row. `clients`: the incarnations of those that are there. */
export function packRow(
  waiting: readonly Waiting[],
  clients: Readonly<Record<string, string>>,
  leftOut: LeftOut,
): Buffer {
  const at = waiting[0]?.at ?? 0
  const entries = waiting.map((each) => packed(each, at))
  return Buffer.from(JSON.stringify({ at, clients, entries, leftOut } satisfies PackedRow))
}

function packed({ at, trace }: Waiting, began: number): Packed {
  const { id, endpoint, status, client = '', about = '', steps, user = '', refusal } = trace
  const told = [at - began, id, endpoint, status, client, about, steps.join(' '), user] as const
  if (refusal === undefined) return told
  const { code, why = null, parameter = null, differs = null } = refusal
  return [...told, code, why, parameter, differs]
}

export function readRow(value: Buffer): Row {
  const { at, clients, entries, leftOut } = JSON.parse(value.toString()) as PackedRow
  return { entries: entries.map((each) => unpacked(each, at, clients)), leftOut }
}

function unpacked(
  [after, id, endpoint, status, client, about, steps, user, code, ...refused]: Packed,
  at: number,
  clients: PackedRow['clients'],
): Entry {
  const [why, parameter, differs] = refused.map((text) => text ?? undefined)
  return {
    at: at + after,
    ...{ id, endpoint, status, client, about, user },
    incarnation: Object.hasOwn(clients, client) ? clients[client] : undefined,
    steps: steps === '' ? [] : steps.split(' '),
    refused: code === undefined ? undefined : { code, why, parameter, differs },
  }
}
