import type { Clock } from '../../base/time.ts'
import { keyTime } from '../store.ts'
import { type Statement, statement } from './connection/connection.ts'
import type { Pipeline } from './pipeline.ts'
import { toldOr } from './read.ts'

const batch = 200

/** Batches one sweep may look at while it finds nothing to delete. */
const looks = 5

/** No key that begins with a time sorts from here on (before the year 500,000). */
const untimed = '1'

/**
 * Looks at the next keys and deletes those that have ended, in one transaction. Those that another process is
 * just sweeping, or a request writing, are passed by.
 */
const sweepStatement = (table: string): Statement =>
  statement(`
WITH span AS MATERIALIZED (SELECT key, expiry FROM ${table} WHERE key > $1 AND key < $2 ORDER BY key LIMIT ${batch}),
ended AS MATERIALIZED (
  SELECT key FROM ${table} WHERE key IN (SELECT key FROM span WHERE expiry < $3) AND expiry < $4
  FOR UPDATE SKIP LOCKED),
swept AS (DELETE FROM ${table} WHERE key IN (SELECT key FROM ended) RETURNING 1)
SELECT (SELECT max(key) FROM span) AS last, (SELECT count(*) FROM span) AS keys, (SELECT count(*) FROM swept) AS swept`)

/**
 * Sweeps by the order of keys, as the store of files does (`store/sqlite/sweep.ts`): no index on the expiry, which
 * every push would have to write and no replacement could leave alone, and no partitions by time, since a grant
 * lives on in the partition of its push, for months, and would keep it from being dropped. Keys begin with
 * the second after which they may go, so a cursor meets each once, and neighbours go together; a second one goes
 * slowly over what lived on and over keys without a time, whenever the first has nothing to do. The cursors are
 * this process's own: what is deleted and not yet vacuumed is not passed again.
 */
export function sweeper(
  pipeline: Pipeline,
  table: string,
  sweepable: Clock,
): () => Promise<number | undefined> {
  const sql = sweepStatement(table)
  let front = ''
  let back = ''

  const step = async (after: string, before: string, time: number): Promise<Step> => {
    const [row = {}] = await toldOr(
      pipeline.use((connection) => connection.ask(sql, after, before, time, time)),
    )
    const last = (row.last as string | null) ?? undefined
    return { last, keys: Number(row.keys), swept: Number(row.swept) }
  }
  const forward = async (time: number): Promise<number | 'through' | undefined> => {
    for (let i = 0; i < looks; i += 1) {
      const { last, keys, swept } = await step(front, keyTime(time), time)
      front = last ?? front
      if (swept > 0) return swept
      if (keys < batch) return 'through'
    }
    return undefined
  }
  const slow = async (time: number): Promise<number> => {
    const timed = back < untimed
    const { last, keys, swept } = await step(back, timed ? keyTime(time) : '\x7f', time)
    if (keys === batch) back = last ?? ''
    else back = timed ? untimed : ''
    return swept
  }
  return async () => {
    const time = sweepable()
    const swept = await forward(time)
    return swept === 'through' ? slow(time) : swept
  }
}

/** What a step met: the last key of it, how many, and how many of them went. */
interface Step {
  readonly last: string | undefined
  readonly keys: number
  readonly swept: number
}
