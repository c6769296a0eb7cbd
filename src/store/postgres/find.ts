/* Finds the primary among the hosts of a URL. */
import { alarm, event, reasonOf } from '../../base/log.ts'
import { delay } from '../../base/time.ts'
import type { Durability } from '../backend.ts'
import {
  type Connection,
  connectTo,
  type Listener,
  type loadDriver,
} from './connection/connection.ts'
import { inTime } from './in-time.ts'
import { nameSession, type Sessions } from './pooled.ts'
import { atRisk, type Facts, notDurable, prepare, unusable } from './session.ts'
import type { Host, Place } from './url.ts'

/** What is known of all connections. */
export interface Known {
  readonly place: Place
  readonly durability: Durability | undefined
  readonly driver: Awaited<ReturnType<typeof loadDriver>>
  inspect: ((connection: Connection) => Promise<void>) | undefined
  starting: boolean
  closed: boolean
  /** The highest that was met: a primary that is behind it was replaced, and does not know it. */
  timeline: number
  /** How often a server was found that no longer kept what is promised: connections from before are not used again. */
  doubts: number
  /** Whether the last look for a primary found one. */
  reachable: boolean
  /** How often a server was connected to that can be served from. */
  reached: number
  warned: boolean
  readonly sessions: Sessions
}

/** Milliseconds until a connection is made, asked what it leads to, and told its settings. */
const findingPatience = 2000

/** Milliseconds that other hosts have to say that they are the primary, after one did. */
const grace = 300

/** A connection to the server that was a primary when it was made. */
export interface Primary {
  readonly connection: Connection
  readonly timeline: number
  /** As they were known when it was asked what it is set to. */
  readonly doubts: number
}

/** Has every connection asked anew what its server is set to. Whoever finds out first tells it. */
export function doubt(known: Known, since: number, reason: string): void {
  if (known.doubts > since) return
  known.doubts += 1
  alarm('store.unsafe', { reason: `PostgreSQL: ${reason}` })
}

/**
 * Asks all hosts at once, so that one that is silent holds up nobody for long. Where two say they are the
 * primary, the one was promoted while the other was away: the later timeline is the right one.
 */
export async function findPrimary(known: Known, listener?: Listener): Promise<Primary> {
  const found: Primary[] = []
  let chosen: Primary | undefined
  const tries = known.place.hosts.map(async (host) => {
    const primary = await open(known, host, listener)
    if (chosen === undefined) found.push(primary)
    else primary.connection.drop()
  })
  await Promise.any(tries).catch((error: unknown) => {
    const reasons = (error as AggregateError).errors.map(reasonOf)
    throw lost(known, new Error(`no PostgreSQL to serve from: ${reasons.join('; ')}`))
  })
  await Promise.race([Promise.allSettled(tries), delay(grace, false)])
  const [primary, ...others] = found.sort((a, b) => b.timeline - a.timeline)
  chosen = primary
  for (const { connection } of others) connection.drop()
  if (primary === undefined) throw new Error('no primary')
  if (known.closed) primary.connection.drop()
  known.timeline = Math.max(known.timeline, primary.timeline)
  if (!known.reachable)
    event('store.found', { store: 'postgres', host: primary.connection.host.name })
  known.reachable = true
  return primary
}

function lost(known: Known, error: Error): Error {
  if (known.reachable && !known.starting)
    event('store.lost', { store: 'postgres', reason: reasonOf(error) }, 'warn')
  known.reachable = known.starting
  return error
}

async function open(known: Known, host: Host, listener?: Listener): Promise<Primary> {
  const connection = await connectTo(known.driver, known.place, host, listener)
  try {
    return await inTime(findingPatience, 'does not answer', async () => {
      const { doubts } = known
      const facts = await prepare(connection, known.durability)
      await nameSession(known.sessions, connection)
      const problem = problemOf(known, facts)
      if (problem !== undefined) throw new Error(problem)
      await known.inspect?.(connection)
      known.reached += 1
      return { connection, timeline: facts.timeline, doubts }
    })
  } catch (cause) {
    connection.drop()
    throw new Error(`${host.name}:${host.port}: ${reasonOf(cause)}`, { cause })
  }
}

function problemOf(known: Known, facts: Facts): string | undefined {
  const { durability, timeline, starting } = known
  if (durability === undefined && !known.warned && !facts.standby) warn(known, atRisk(facts))
  const problem =
    unusable(facts) ??
    (durability === undefined ? undefined : notDurable(facts, durability, starting))
  if (problem !== undefined) return problem
  return facts.timeline < timeline ? 'it was a primary once, and another one is now' : undefined
}

function warn(known: Known, reason: string | undefined): void {
  known.warned = true
  if (reason !== undefined)
    event('store.may_lose', { at_power_loss: `what was just written, since ${reason}` }, 'warn')
}
