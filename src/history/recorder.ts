/* What a request costs for being kept is all in this file: whether it is, and whether there is room for it. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Event } from '../base/log.ts'
import { nowInMilliseconds } from '../base/time.ts'
import type { Trace } from '../base/trace.ts'
import type { Store } from '../store/store.ts'
import { addTo, type Draft, newDraft } from './draft.ts'
import { keepDoing } from './keep-doing.ts'
import { newLosses, type Recorded, writeEntries } from './write.ts'

/** Keeps what requests tell of themselves, for as long as it runs. */
export interface Recorder {
  /** Writes what waits; answers when it is written, or lost. */
  flush(): Promise<void>
  stop(): Promise<void>
}

/** Entries that wait at most; what comes beyond them while the store does not write is left out. */
const mostWaiting = 20_000

/** Seconds between two tellings of what was left out: rows that tell it are opened by everybody who asks. */
const leftOutAfter = 60

const recorders = new WeakMap<Store, Recorder>()

/** Writes what this process has not written yet of what it keeps in a store. */
export async function flushHistory(records: Store): Promise<void> {
  await recorders.get(records)?.flush()
}

/**
 * Listens to the event of each request, and writes what is part of an authorization once a second: a
 * request pays for a few lines of text, and its own commit holds nothing of this. A
 * process that is killed takes up to a second along.
 */
export function startRecorder(
  recorded: Recorded,
  limits: HistoryLimits,
  clock = nowInMilliseconds,
): Recorder {
  const hasRoom = budgetOf(limits)
  const losses = newLosses()
  const gathering = newGathering()
  let writing = Promise.resolve()

  const listener = (message: unknown): void => {
    const { name, trace } = message as Event
    if (name !== 'request' || trace?.shelf !== recorded.records || !isKept(trace)) return
    const at = clock()
    if (hasRoom(trace, at) && gathering.waiting() < mostWaiting) gathering.keep(at, trace)
    else losses.lose(trace)
  }
  const writeOut = (leftOutOf: readonly string[]): Promise<void> => {
    const batch = gathering.take()
    if (batch.length > 0 || leftOutOf.length > 0)
      writing = writing.then(() => writeEntries(recorded, losses, batch, leftOutOf))
    return writing
  }
  const everySecond = keepDoing((second) =>
    writeOut(second % leftOutAfter === 0 ? losses.realms() : []),
  )
  const recorder: Recorder = {
    flush: () => writeOut(losses.realms()),
    async stop() {
      everySecond.stop()
      unsubscribe('parapet', listener)
      await recorder.flush()
    },
  }
  recorders.set(recorded.records, recorder)
  subscribe('parapet', listener)
  return recorder
}

/** Rows that gather, one of each realm at a time. */
function newGathering() {
  let full: Draft[] = []
  let open = new Map<string, Draft>()
  let waiting = 0
  return {
    /** How many entries there are. */
    waiting: () => waiting,
    keep(at: number, trace: Trace): void {
      const { realm } = trace
      const draft = open.get(realm) ?? newDraft(realm, at)
      waiting += 1
      if (addTo(draft, at, trace)) open.set(realm, draft)
      else {
        open.delete(realm)
        full.push(draft)
      }
    },
    take(): Draft[] {
      const drafts = [...full, ...open.values()]
      full = []
      open = new Map()
      waiting = 0
      return drafts
    },
  }
}

/** Refusals of these, and what would have been one, are kept whether or not there is a record. */
const refusing: ReadonlySet<string> = new Set(['/par', '/authorize', '/access_token'])

/** Whether a request is part of what became of an authorization, or of why there is none. */
function isKept({ about, steps, refusal, breaches, endpoint }: Trace): boolean {
  if ((refusal ?? breaches) !== undefined && refusing.has(endpoint)) return true
  return about !== undefined && (steps.length > 0 || endpoint === '/authorize')
}

/** Most entries an hour, by realm and by client, in one process. */
export interface HistoryLimits {
  readonly client: number
  readonly realm: number
}

const hour = 3_600_000

/**
 * Decides whether there is still room. What goes well, refusals of known clients and refusals of nobody
 * known each have a share of their own: a flood of one hides nothing of the others, and whoever knows
 * no client fills no disk.
 */
function budgetOf({ client, realm }: HistoryLimits): (trace: Trace, at: number) => boolean {
  const shares = {
    good: { client, realm },
    refused: { client: Math.ceil(client / 4), realm: Math.ceil(realm / 4) },
    nobody: { client: Math.ceil(realm / 20), realm: Math.ceil(realm / 20) },
  } as const
  let current = 0
  const none = (): Map<string, Used> => new Map()
  const used = { good: none(), refused: none(), nobody: none() }
  return (trace, at) => {
    if (at - current >= hour || at < current) {
      for (const realms of Object.values(used)) realms.clear()
      current = at - (at % hour)
    }
    const share = shareOf(trace)
    const name = trace.client ?? ''
    const ofRealm = used[share].get(trace.realm) ?? { count: 0, clients: new Map<string, number>() }
    const own = ofRealm.clients.get(name) ?? 0
    if (ofRealm.count >= shares[share].realm || own >= shares[share].client) return false
    if (ofRealm.count === 0) used[share].set(trace.realm, ofRealm)
    ofRealm.count += 1
    ofRealm.clients.set(name, own + 1)
    return true
  }
}

/** What was kept of a realm, and of each of its clients. */
interface Used {
  count: number
  readonly clients: Map<string, number>
}

function shareOf({ refusal, client }: Trace): 'good' | 'refused' | 'nobody' {
  if (refusal === undefined) return 'good'
  return client === undefined ? 'nobody' : 'refused'
}
