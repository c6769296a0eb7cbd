/* Finds the primary, keeps connections to it, and gives up what takes too long. */
import { event, reasonOf } from '../../base/log.ts'
import { delay, monotonic } from '../../base/time.ts'
import type { Durability } from '../backend.ts'
import { StoreUnavailable } from '../store.ts'
import { type Connection, connectTo, type Ears, loadDriver } from './connection.ts'
import { atRisk, type Facts, notDurable, prepare, statementTimeout, unusable } from './session.ts'
import type { Host, Place } from './url.ts'

/** One connection for as long as there is one, and another one after it; statements follow one another on it. */
export interface Lane {
  /**
   * Runs what asks something of the connection. Rejects with `StoreUnavailable` where there is none, where
   * too many wait, and where the answer does not come in time; with what the server said otherwise.
   */
  use<T>(ask: (connection: Connection) => Promise<T>): Promise<T>
}

/** The servers of a URL, of which one is the primary. */
export interface Server {
  readonly place: Place
  lane(ears?: Ears): Lane
  /** Runs something on a connection of its own, with more time than a request has. Throws what is wrong. */
  atStart<T>(ask: (connection: Connection) => Promise<T>): Promise<T>
  /**
   * The start is over. Each new connection is asked first whether the database still holds what it did; and a
   * standby that is away for a moment does not matter any more, since commits wait for it.
   */
  started(inspect: (connection: Connection) => Promise<void>): void
  close(): Promise<void>
}

/** Milliseconds: a little more than the server gives a statement, so that as a rule it says so itself. */
const patience = statementTimeout + 500

/** Milliseconds until a connection is made, asked what it leads to, and told its settings. */
const findingPatience = 2000

/** Milliseconds for what is laid out or led on at the start, while others may do so too. */
const startPatience = 60_000

/** Milliseconds in which nobody looks for a primary again that was not found. */
const pause = 200

/** Milliseconds that other hosts have to say that they are the primary, after one did. */
const grace = 300

/** How many may wait for answers on one connection. */
const mostWaiting = 10_000

/** What is known of all connections. */
interface Known {
  readonly place: Place
  readonly durability: Durability | undefined
  readonly driver: Awaited<ReturnType<typeof loadDriver>>
  inspect: ((connection: Connection) => Promise<void>) | undefined
  starting: boolean
  closed: boolean
  /** The highest that was met: a primary that is behind it was replaced, and does not know it. */
  timeline: number
  /** Whether the last look for a primary found one. */
  reachable: boolean
  warned: boolean
}

/** Makes no connection yet. @throws Error where the driver is not installed. */
export async function serverAt(place: Place, durability?: Durability): Promise<Server> {
  const known: Known = {
    ...{ place, durability, driver: await loadDriver(), inspect: undefined, starting: true },
    ...{ closed: false, timeline: 0, reachable: true, warned: false },
  }
  const lanes = new Set<OpenLane>()
  return {
    place,
    lane(ears) {
      const lane = laneTo(known, ears)
      lanes.add(lane)
      return lane
    },
    async atStart(ask) {
      const { connection } = await findPrimary(known, undefined)
      try {
        return await inTime(startPatience, 'the store does not answer', () => ask(connection))
      } finally {
        await connection.end()
      }
    },
    started(inspect) {
      known.inspect = inspect
      known.starting = false
    },
    async close() {
      known.closed = true
      await Promise.all([...lanes].map((lane) => lane.close()))
    },
  }
}

interface OpenLane extends Lane {
  close(): Promise<void>
}

function laneTo(known: Known, ears: Ears | undefined): OpenLane {
  let open: Primary | undefined
  let finding: Promise<Connection> | undefined
  let waiting = 0
  let failed: { readonly at: number; readonly cause: unknown } | undefined

  const find = async (): Promise<Connection> => {
    try {
      open = await findPrimary(known, ears)
      failed = undefined
      return open.connection
    } catch (cause) {
      failed = { at: monotonic(), cause }
      throw new StoreUnavailable('not connected', { cause })
    } finally {
      finding = undefined
    }
  }
  const connected = (): Promise<Connection> | Connection => {
    if (known.closed) throw new StoreUnavailable('the store is closed')
    if (open !== undefined && open.timeline < known.timeline) open.connection.drop()
    if (open?.connection.gone === false) return open.connection
    if (finding === undefined && failed !== undefined && monotonic() - failed.at < pause)
      throw new StoreUnavailable('not connected', { cause: failed.cause })
    finding ??= find()
    return finding
  }
  return {
    async use(ask) {
      if (waiting >= mostWaiting) throw new StoreUnavailable('too many wait for the store')
      waiting += 1
      try {
        return await inTime(patience, 'the store does not answer', async (late) => {
          const connection = await connected()
          late(() => connection.drop())
          return answered(connection, ask)
        })
      } finally {
        waiting -= 1
      }
    },
    async close() {
      await finding?.catch(() => undefined)
      await open?.connection.end()
    },
  }
}

/** An answer that was not given by heart: what the server did not mean, or cannot mean any more, is none. */
async function answered<T>(
  connection: Connection,
  ask: (connection: Connection) => Promise<T>,
): Promise<T> {
  try {
    const answer = await ask(connection)
    if (!connection.unreplicated) return answer
    connection.drop()
  } catch (error) {
    // It was a primary, and is none any more.
    if ((error as { code?: unknown }).code === readOnly) connection.drop()
    throw error
  }
  throw new StoreUnavailable('committed, but no standby is known to have it')
}

/** SQLSTATE of a write to a server that takes none. */
const readOnly = '25006'

/** Runs something for so many milliseconds; whoever waits is answered then, and what was said to be done is. */
async function inTime<T>(
  ms: number,
  what: string,
  run: (late: (act: () => void) => void) => Promise<T>,
): Promise<T> {
  const act = { late: (): void => undefined, over: false }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      act.over = true
      act.late()
      reject(new StoreUnavailable(what))
    }, ms)
  })
  try {
    const done = run((then) => {
      if (act.over) then()
      else act.late = then
    })
    return await Promise.race([done, late])
  } finally {
    clearTimeout(timer)
  }
}

/** A connection to the server that was a primary when it was made. */
interface Primary {
  readonly connection: Connection
  readonly timeline: number
}

/**
 * Asks all hosts at once, so that one that is silent holds up nobody for long. Where two say they are the
 * primary, the one was promoted while the other was away: the later timeline is the right one.
 */
async function findPrimary(known: Known, ears: Ears | undefined): Promise<Primary> {
  const found: Primary[] = []
  let chosen: Primary | undefined
  const tries = known.place.hosts.map(async (host) => {
    const primary = await open(known, host, ears)
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

async function open(known: Known, host: Host, ears: Ears | undefined): Promise<Primary> {
  const connection = await connectTo(known.driver, known.place, host, ears)
  try {
    return await inTime(findingPatience, 'does not answer', async () => {
      const facts = await prepare(connection, known.durability)
      const problem = problemOf(known, facts)
      if (problem !== undefined) throw new Error(problem)
      await known.inspect?.(connection)
      return { connection, timeline: facts.timeline }
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
