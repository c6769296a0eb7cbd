import { isoMilliseconds, isoTime } from '../base/time.ts'
import { type AuthorizationRecord, grantIn, type State } from '../grant/record.ts'
import { reasons } from '../protocol/reason/index.ts'
import type { Reason } from '../protocol/reason/reason.ts'
import type { Entry } from './entry.ts'
import { type StepName, shown } from './step.ts'

/** One thing that happened. */
export interface Step {
  /** Null: known only because the record says that it came to this. */
  readonly at: string | null
  readonly step: string
  /** Name of the request by which it did, its endpoint, and the status it was answered with. */
  readonly request?: string
  readonly endpoint?: string
  readonly status?: number
  /** Whose request it was, where that is another client than the one it is told of; told to administrators. */
  readonly client_id?: string
  /** Who was logged in; masked unless it was asked for. */
  readonly sub?: string
  /** Of a login that failed: its journey, and the node after which it did. */
  readonly journey?: string
  readonly node?: string
  /** Of what would have been refused: name of the rule, what it says, and where it is from. */
  readonly why?: string
  readonly says?: string
  readonly section?: string
}

/** Why it goes no further. */
export interface Stopped {
  readonly at: string
  readonly error: string
  /** Name of the rule, what it says, and where it is from; null where the error says all there is. */
  readonly why: string | null
  readonly says: string | null
  readonly section: string | null
  readonly parameter: string | null
  readonly differs: string | null
}

/** What became of an authorization, or of a request that was refused. */
export interface Explanation {
  readonly found: true
  /** Where it stands: as its record says, `expired`, `gone` where there is no record any more, `refused` where there never was one. */
  readonly state: State | 'expired' | 'gone' | 'refused'
  readonly client_id: string | null
  readonly steps: readonly Step[]
  readonly stopped?: Stopped
  /** Whether every change that the record knows of is among the steps. */
  readonly complete: boolean
  readonly missing?: string
  /** Requests of the client, or of nobody known, that were not kept within this day. */
  readonly left_out: number
}

const missing =
  'Up to a second may be missing after a process was killed, and what was left out, or is older than a day.'

/** What is known of it. */
export interface Known {
  readonly entries: readonly Entry[]
  readonly record: AuthorizationRecord | undefined
  readonly client_id: string | undefined
  readonly leftOut: number
}

type Named = Readonly<Record<'people' | 'clients', boolean>>

/** `now` in seconds; `people` and other `clients` than its own: whether they are named. */
export function explanation(known: Known, now: number, named: Named): Explanation {
  const { entries, record, client_id, leftOut } = known
  const told = entries.flatMap((entry) => stepsOf(entry, known, named))
  const untold = record === undefined ? [] : implied(record).filter(isUntold(told))
  const steps = [...untold, ...told].sort((a, b) => order(a) - order(b))
  const stopped = stoppedAt(entries)
  return {
    found: true,
    state: stateOf(known, now),
    client_id: client_id ?? null,
    steps,
    ...(stopped && { stopped }),
    complete: untold.length === 0,
    ...(untold.length > 0 && { missing }),
    left_out: leftOut,
  }
}

function order({ at }: Step): number {
  return at === null ? 0 : Date.parse(at)
}

function stepsOf(entry: Entry, { client_id }: Known, { people, clients }: Named): Step[] {
  const { at, id, client, endpoint, status, user, steps, refused, failedAt, breaches } = entry
  const sub = people ? user : `${user.slice(0, 4)}…`
  const shared = {
    request: id,
    endpoint,
    status,
    ...(clients && client !== '' && client !== client_id && { client_id: client }),
    ...(user !== '' && { sub }),
  }
  const names = refused === undefined ? steps : [...steps, 'refused']
  const all = names.length + breaches.length === 0 ? ['visited'] : names
  return [
    ...all.map((step) => ({
      ...{ at: isoMilliseconds(at), step },
      ...(step === ('login_failed' satisfies StepName) && failedAt),
      ...shared,
    })),
    ...breaches.map((why) => ({ at: isoMilliseconds(at), ...wouldRefuse(why), ...shared })),
  ]
}

function wouldRefuse(why: string): Pick<Step, 'step' | 'why' | 'says' | 'section'> {
  const { says, section } = reasonNamed(why) ?? {}
  return { step: 'would_refuse' satisfies StepName, why, ...(says && section && { says, section }) }
}

/** The last refusal, unless something changed after it. */
function stoppedAt(entries: readonly Entry[]): Stopped | undefined {
  const index = entries.findLastIndex(
    ({ steps, refused }) => refused !== undefined || steps.some((step) => !shown.has(step)),
  )
  const { refused, at } = entries[index] ?? {}
  if (refused === undefined || at === undefined) return undefined
  const { code, why, parameter = null, differs = null } = refused
  const rule = why === undefined ? undefined : reasonNamed(why)
  return {
    at: isoMilliseconds(at),
    error: code,
    why: why ?? null,
    says: rule?.says ?? null,
    section: rule?.section ?? null,
    parameter,
    differs,
  }
}

function wasRefused({ refused }: Entry): boolean {
  return refused !== undefined
}

function reasonNamed(name: string): Reason | undefined {
  const rows: Readonly<Record<string, Reason>> = reasons
  return Object.hasOwn(rows, name) ? rows[name] : undefined
}

const unfinished: ReadonlySet<string> = new Set<StepName>(['pushed', 'opened', 'held'])

function stateOf({ record, entries }: Known, now: number): Explanation['state'] {
  if (record === undefined) {
    // What nobody finished is not kept any longer than it lives.
    const last = entries.flatMap(({ steps }) => steps).findLast((step) => !shown.has(step))
    if (last !== undefined && unfinished.has(last)) return 'expired'
    const isRefused = entries.every(({ about }) => about === '') && entries.some(wasRefused)
    return isRefused ? 'refused' : 'gone'
  }
  const { state } = record
  const over =
    (state === 'pushed' && now >= record.redeem_by) ||
    (state === 'opened' && now >= record.interaction_by)
  return over ? 'expired' : state
}

/** One of these steps must have been told, and when it was, where the record knows. */
interface Implied {
  readonly names: readonly StepName[]
  readonly at: string | null
}

/** What a record's state says of what came before it. */
function implied(record: AuthorizationRecord): (Step & Pick<Implied, 'names'>)[] {
  const latest = grantIn(record)?.tokens.at(-1)?.iat
  const ways: Readonly<Record<State, Implied>> = {
    pushed: { names: ['pushed'], at: null },
    opened: {
      names: ['opened', 'held'],
      at: record.state === 'opened' ? isoTime(record.opened_at) : null,
    },
    issued: { names: ['code', 'tokens', 'code_tokens', 'allowed'], at: null },
    redeemed: {
      names: ['redeemed', 'granted'],
      at: latest === undefined ? null : isoTime(latest),
    },
    denied: { names: ['denied'], at: null },
    ended: { names: ['ended'], at: null },
  }
  const before = record.redeem_by > 0 && record.state !== 'pushed' ? [ways.pushed] : []
  return [...before, ways[record.state]].map(({ names, at }) => ({
    names,
    at,
    step: names[0] as StepName,
  }))
}

function isUntold(told: readonly Step[]): (step: Pick<Implied, 'names'>) => boolean {
  const names = new Set(told.map(({ step }) => step))
  return (step) => !step.names.some((name) => names.has(name))
}
