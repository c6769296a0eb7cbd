/** The stores on which pushes come and end by the million: real ones, which the bench starts. */
import { globSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { startPostgres } from '../../test/stores/postgres.ts'
import { type RedisServer, startRedis } from '../../test/stores/redis.ts'
import { startRedisCluster } from '../../test/stores/redis-cluster.ts'
import { type Benched, usage } from '../drive.ts'

/** What a store holds. */
export interface Held {
  readonly records: number
  /** Of its files, of its table with all indexes, or in memory. */
  readonly bytes: number
  /** Rows that were deleted and not yet made room of; only PostgreSQL has any. */
  readonly dead: number
}

/** A store that runs. */
export interface Shelf {
  /** What a server is told. */
  readonly url: string
  readonly held: () => Promise<Held>
  /** Ends all pushes there are, and resolves when the store is rid of them, or had more than enough time for it. */
  readonly end: (server: Benched, pushed: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Seconds a pushed request lives. */
export const lifetime = 90

export const shelves = {
  sqlite: onFiles,
  postgres: onPostgres,
  redis: async () => {
    const redis = await startRedis()
    return inMemory([redis], redis)
  },
  'redis-cluster': async () => {
    const cluster = await startRedisCluster()
    return inMemory(cluster.nodes.slice(0, 3), cluster)
  },
} as const satisfies Readonly<Record<string, () => Promise<Shelf>>>

export type ShelfName = keyof typeof shelves

/** The clock of the server is set forward, and what has ended is swept as its sweeper does. */
async function sweep(server: Benched): Promise<void> {
  await usage(server, { order: 'expire', seconds: lifetime + 70 })
}

async function onFiles(): Promise<Shelf> {
  const directory = mkdtempSync(join(tmpdir(), 'parapet-bench-files-'))
  const held = async (): Promise<Held> => {
    const db = new DatabaseSync(join(directory, 'records.db'), { readOnly: true })
    const row = db.prepare('SELECT count(*) AS records FROM records').get()
    db.close()
    const files = globSync(join(directory, '*.db*')).map((file) => statSync(file).size)
    return {
      ...{ records: Number(row?.records), dead: 0 },
      bytes: files.reduce((sum, size) => sum + size, 0),
    }
  }
  return {
    url: `sqlite:${directory}`,
    ...{ held, end: sweep },
    close: async () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** Seconds that a store gets for what it does by itself. */
const patience = 300

/** The clock leaps over the time in which autovacuum would come, once a minute, so it looks around more often here. */
const leaping = { autovacuum_naptime: '5s' }

/** Milliseconds after which a process of PostgreSQL that does nothing has told what it did: 10 s, and a moment. */
const told = 12_000

async function onPostgres(): Promise<Shelf> {
  const postgres = await startPostgres({ config: leaping })
  const held = async (): Promise<Held> => {
    const answer = await postgres.query(`SELECT (SELECT count(*) FROM parapet.records),
      pg_total_relation_size('parapet.records'),
      (SELECT n_dead_tup FROM pg_stat_user_tables WHERE relid = 'parapet.records'::regclass)`)
    const [records = 0, bytes = 0, dead = 0] = answer.split('|').map(Number)
    return { records, bytes, dead }
  }
  return {
    ...{ url: postgres.url, held, close: postgres.close },
    async end(server, pushed) {
      await sweep(server)
      await pause(told)
      await until(async () => (await held()).dead < pushed / 50)
    },
  }
}

/** Redis deletes by a clock that nobody sets, so there is nothing to do but to wait for that. */
function inMemory(
  nodes: readonly RedisServer[],
  { url, close }: Pick<Shelf, 'url' | 'close'>,
): Shelf {
  const held = async (): Promise<Held> => {
    const all = await Promise.all(nodes.map(heldBy))
    const sum = (of: 'records' | 'bytes'): number => all.reduce((so, each) => so + each[of], 0)
    return { records: sum('records'), bytes: sum('bytes'), dead: 0 }
  }
  return {
    ...{ url, held, close },
    end: (_, pushed) => until(async () => (await held()).records < pushed / 50),
  }
}

async function heldBy(node: RedisServer): Promise<Pick<Held, 'records' | 'bytes'>> {
  const memory = await node.ask('info', 'memory')
  const bytes = Number(/^used_memory:(\d+)/m.exec(memory)?.[1])
  return { records: Number(await node.ask('dbsize')), bytes }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + patience * 1000
  while (performance.now() < end && !(await holds())) await pause(1000)
}
