import type { Ready } from '../../base/ready.ts'
import { delay, monotonic, nextTurn } from '../../base/time.ts'
import {
  type Connection,
  type Listener,
  type Statement,
  statement,
} from './connection/connection.ts'
import type { Pipeline } from './pipeline.ts'
import { toldOr } from './read.ts'
import { channelOf } from './schema.ts'
import type { Server } from './server.ts'

/** Tells of changes of a shelf. */
export interface Changes {
  /** See `changeCount` of a store. */
  readonly count: () => Ready<number>
  /** A commit of this process raised the number in the database to this. */
  readonly made: (count: number) => void
  readonly close: () => void
}

/** Milliseconds between two looks at the number while it is also told. */
const pause = 1000

/** Milliseconds for which a look counts: a second look that does not come back is missed then. */
const trusted = 2 * pause

/**
 * A number of this process, which goes up whenever the one in the database is seen to be another. It may have
 * been lower before: a standby that lost commits became the primary, say.
 */
function counter() {
  let seen: number | undefined
  let count = 0
  return {
    read: () => count,
    raise: (): void => {
      count += 1
    },
    saw: (number: number): void => {
      if (number === seen) return
      seen = number
      count += 1
    },
  }
}

/** One look serves all who ask in one turn, and none who asked before. */
function lookInTurn(
  pipeline: Pipeline,
  sql: Statement,
  saw: (number: number) => void,
): () => Promise<void> {
  let turn: Promise<void> | undefined
  const look = async (): Promise<void> => {
    await nextTurn()
    turn = undefined
    saw(await toldOr(pipeline.use((connection) => numberOf(connection, sql))))
  }
  return () => {
    turn ??= look()
    return turn
  }
}

async function numberOf(connection: Connection, sql: Statement): Promise<number> {
  const [row] = await connection.ask(sql)
  return Number(row?.number)
}

/**
 * Changes of the records: transactions that have ended in the whole database server, which the server knows
 * anyway, so that no push has to count itself. Asked for by a round trip each time.
 */
export function countedChanges(pipeline: Pipeline): Changes {
  const numbers = counter()
  const sql = statement(`SELECT pg_snapshot_xmax(s)::text::int8 -
    (SELECT count(*) FROM pg_snapshot_xip(s)) AS number FROM pg_current_snapshot() s`)
  const look = lookInTurn(pipeline, sql, numbers.saw)
  return {
    count: () => look().then(numbers.read),
    made: () => undefined,
    close: () => undefined,
  }
}

/**
 * Changes of the settings, told by LISTEN and NOTIFY: within milliseconds of another process's commit they are
 * known here, and asking costs nothing. That is a little less than the word of `changeCount`, which promises what
 * others had written before this turn. What is missed, since a connection was lost or an answer is late, heals:
 * the number is looked at every second over the connection that listens, and always when that was made anew. As
 * long as the last look is no older than two seconds the number at hand is told; else everybody who asks is
 * answered by a round trip. So a change that is not told is known after two seconds at most.
 */
export function toldChanges(server: Server, read: Pipeline): Changes {
  const numbers = counter()
  const { schema } = server.place
  const sql = statement(`SELECT changes AS number FROM "${schema}".state`)
  const look = lookInTurn(read, sql, numbers.saw)
  let heardUntil = 0
  let on: Connection | undefined
  let closed = false
  const listener: Listener = {
    // Whatever number is told: any role of the database may tell one.
    heard: () => numbers.raise(),
    closed() {
      heardUntil = 0
      numbers.raise()
    },
  }
  const pipeline = server.pipeline(listener)
  const lookAgain = async (connection: Connection): Promise<void> => {
    if (on !== connection) await connection.run(`LISTEN ${channelOf(schema)}`)
    on = connection
    const asked = monotonic()
    numbers.saw(await numberOf(connection, sql))
    await server.same(connection)
    if (!connection.gone) heardUntil = asked + trusted
  }
  const loop = async (): Promise<void> => {
    while (!closed) {
      await pipeline.use(lookAgain).catch(() => undefined)
      await delay(on?.gone === false ? pause : pause / 4, false)
    }
  }
  void loop()
  return {
    count: () => (monotonic() < heardUntil ? numbers.read() : look().then(numbers.read)),
    made: numbers.raise,
    close() {
      closed = true
    },
  }
}
