import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Event } from '../../base/log.ts'
import { event, reasonOf } from '../../base/log.ts'
import { memo } from '../../base/memo.ts'
import { now as wallNow } from '../../base/time.ts'
import type { Breach, Trace } from '../../base/trace.ts'
import { findClient } from '../../client/client.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Realms } from '../../realm/realms.ts'
import type { Store } from '../../store/store.ts'
import { lost, untilDecided } from '../../store/update.ts'
import { keepDoing } from '../keep-doing.ts'
import type { Recorder } from '../recorder.ts'
import type { BreachCount } from './count.ts'
import { countKeptFor, countKey, packCounts, readCounts, summed } from './count.ts'

/** Whose requests are counted, and where. */
export interface Counted {
  readonly records: Store
  readonly realms: Realms
}

/** Seconds between two writes of what was counted meanwhile. */
const pause = 10

/** Clients that wait to be written at most, of each realm; what others do until then is left out. */
const mostClients = 1000

/** Counts of one realm that are not written yet, by client. */
type Waiting = Map<string, readonly BreachCount[]>

const counters = memo((_records: Store) => new Set<Recorder>())

/** Writes what this process has counted and not written yet. */
export async function flushBreaches(records: Store): Promise<void> {
  await Promise.all([...counters(records)].map((counter) => counter.flush()))
}

/**
 * Counts requests that were let through although they break what is only watched. A request pays for a look at its
 * trace; what was counted is written every ten seconds, in commits that no request waits for, and added to what
 * other processes have written.
 */
export function startBreachCounter(counted: Counted, clock = wallNow): Recorder {
  let waiting = new Map<string, Waiting>()
  let writing = Promise.resolve()
  const listener = (message: unknown): void => {
    const { name, trace } = message as Event
    if (name !== 'request' || trace?.breaches === undefined) return
    // What was refused for something else would not be refused any more than it was.
    if (trace.refusal !== undefined || trace.shelf !== counted.records) return
    count(waiting, trace, trace.breaches, clock())
  }
  const flush = (): Promise<void> => {
    const batch = waiting
    if (batch.size === 0) return writing
    waiting = new Map()
    writing = writing.then(() => writeAll(counted, batch))
    return writing
  }
  const writer = keepDoing(async (second) => {
    if (second % pause === 0) await flush()
  })
  const counter: Recorder = {
    flush,
    async stop() {
      writer.stop()
      unsubscribe('parapet', listener)
      counters(counted.records).delete(counter)
      await flush()
    },
  }
  counters(counted.records).add(counter)
  subscribe('parapet', listener)
  return counter
}

function count(
  waiting: Map<string, Waiting>,
  { realm, client, endpoint, id }: Trace,
  breaches: readonly Breach[],
  at: number,
): void {
  if (client === undefined) return
  const ofRealm: Waiting = waiting.get(realm) ?? new Map<string, readonly BreachCount[]>()
  const before = ofRealm.get(client)
  if (before === undefined && ofRealm.size >= mostClients) return
  waiting.set(realm, ofRealm)
  const added = breaches.map(({ requirement, why = '' }) => {
    return { requirement, why, count: 1, first: at, last: at, endpoint, request: id }
  })
  ofRealm.set(client, summed([...(before ?? []), ...added]))
}

/** One realm after the other; what cannot be written is told, and nothing else suffers. */
async function writeAll({ records, realms }: Counted, batch: Map<string, Waiting>): Promise<void> {
  for (const [path, clients] of batch) {
    try {
      const realm = await realms.find({ path, url: '', issuer: '' })
      if (realm === undefined) continue
      for (const [client_id, breaches] of clients) await add(records, realm, client_id, breaches)
    } catch (error) {
      const fields = { realm: path, clients: clients.size, reason: reasonOf(error) }
      event('breaches.not_written', fields, 'warn')
    }
  }
}

async function add(
  records: Store,
  realm: Realm,
  client_id: string,
  counted: readonly BreachCount[],
): Promise<void> {
  const client = await findClient(realm, client_id)
  if (client === undefined) return
  const { incarnation } = client
  const key = countKey(realm, client_id)
  await untilDecided('the breaches of a client', async () => {
    const stored = await records.get(key)
    const known = stored && readCounts(stored.value)
    // Of a client that had the id before nothing is added to.
    const before = known?.incarnation === incarnation ? known.breaches : []
    const at = realm.timeOfDay()
    const breaches = summed([...before, ...counted], at - countKeptFor)
    const value = packCounts({ client_id, incarnation, breaches })
    const expiry = at + countKeptFor
    const outcome = await (stored === undefined
      ? records.insert(key, value, expiry, undefined, 'behind')
      : records.replace(key, stored.version, value, expiry, undefined, 'behind'))
    return outcome === 'won' ? true : lost
  })
}
