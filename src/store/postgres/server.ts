/* The servers of a URL, one of which is the primary, and the connections to it. */
import type { Durability } from '../backend.ts'
import { type Connection, type Listener, loadDriver } from './connection/connection.ts'
import { doubt, findPrimary, type Known } from './find.ts'
import { inTime } from './in-time.ts'
import { type OpenPipeline, type Pipeline, pipelineTo } from './pipeline.ts'
import { isSameSession, pooled } from './pooled.ts'
import type { Place } from './url.ts'

/** The servers of a URL, of which one is the primary. */
export interface Server {
  readonly place: Place
  pipeline(listener?: Listener): Pipeline
  /** How often one of them was connected to: counted before anything is answered by it. */
  readonly reached: () => number
  /** Runs something on a connection of its own, with more time than a request has. Throws what is wrong. */
  atStart<T>(ask: (connection: Connection) => Promise<T>): Promise<T>
  /** Throws where connections do not lead to a session each. `connection` is open, and another one is made meanwhile. */
  apart(connection: Connection): Promise<void>
  /** Looks whether a connection still leads to the session it was made for; if not nothing is served by those there are. */
  same(connection: Connection): Promise<void>
  /**
   * The start is over. Each new connection is asked first whether the database still holds what it did; and a
   * standby that is away for a moment does not matter any more, since commits wait for it.
   */
  started(inspect: (connection: Connection) => Promise<void>): void
  readonly close: () => Promise<void>
}

/** Milliseconds for what is laid out or led on at the start, while others may do so too. */
const startPatience = 60_000

/** Makes no connection yet. @throws Error where the driver is not installed. */
export async function serverAt(place: Place, durability?: Durability): Promise<Server> {
  const known: Known = {
    ...{ place, durability, driver: await loadDriver(), inspect: undefined, starting: true },
    ...{ closed: false, timeline: 0, doubts: 0, reachable: true, reached: 0, warned: false },
    sessions: new Map(),
  }
  const pipelines = new Set<OpenPipeline>()
  return {
    place,
    reached: () => known.reached,
    pipeline(listener) {
      const pipeline = pipelineTo(known, listener)
      pipelines.add(pipeline)
      return pipeline
    },
    async atStart(ask) {
      const { connection } = await findPrimary(known)
      try {
        return await inTime(startPatience, 'the store does not answer', () => ask(connection))
      } finally {
        await connection.end()
      }
    },
    ...sessionsOf(known),
    started(inspect) {
      known.inspect = inspect
      known.starting = false
    },
    async close() {
      known.closed = true
      await Promise.all([...pipelines].map((pipeline) => pipeline.close()))
    },
  }
}

/** Whether connections lead to a session each. */
function sessionsOf(known: Known): Pick<Server, 'apart' | 'same'> {
  const { sessions } = known
  return {
    async apart(connection) {
      const { connection: other } = await findPrimary(known)
      try {
        for (const each of [other, connection])
          if (!(await isSameSession(sessions, each))) throw new Error(pooled)
      } finally {
        await other.end()
      }
    },
    async same(connection) {
      const { doubts } = known
      if (await isSameSession(sessions, connection)) return
      if (!connection.gone) doubt(known, doubts, pooled)
      throw new Error(pooled)
    },
  }
}
