import { type Clock, nextTurn } from '../../base/time.ts'
import { folderPage } from '../keys-in.ts'
import { type Page, type Stored, StoreUnavailable, type Walked } from '../store.ts'
import { arrayOf, type Row, statement } from './connection/connection.ts'
import type { Pipeline } from './pipeline.ts'

/** The reading half of a shelf. */
export interface Reader {
  readonly get: (key: string) => Promise<Stored | undefined>
  readonly list: (folder: string, limit: number, cursor: string | undefined) => Promise<Page>
  readonly walk: (limit: number, after: string | undefined) => Promise<Walked>
}

/** Where it reads: what requests wait for, and what is looked through on another connection. */
export interface ReaderOptions {
  readonly table: string
  readonly read: Pipeline
  readonly upkeep: Pipeline
  readonly now: Clock
}

/** How many keys are looked up at once. */
const mostKeys = 500

export function reader({ table, read, upkeep, now }: ReaderOptions): Reader {
  const getSql = statement(
    `SELECT key, version, value FROM ${table} WHERE key = ANY ($1::text[]) AND expiry >= $2`,
  )
  const rangeSql = statement(
    `SELECT key FROM ${table} WHERE key > $1 AND key < $2 AND expiry >= $3 ORDER BY key LIMIT $4`,
  )
  const walkSql = statement(
    `SELECT key, version, expiry, value FROM ${table} WHERE key > $1 AND expiry >= $2 ORDER BY key LIMIT $3`,
  )
  const find = (keys: readonly string[]): Promise<readonly Row[]> =>
    toldOr(read.use((connection) => connection.ask(getSql, arrayOf(keys), now())))
  return {
    get: together(find),
    async list(folder, limit, cursor) {
      const page = folderPage(folder, limit, cursor)
      let step = page.next()
      while (!step.done) {
        const { after, before, limit: most } = step.value
        const rows = await toldOr(
          upkeep.use((connection) => connection.ask(rangeSql, after, before, now(), most)),
        )
        step = page.next(rows.map(({ key }) => String(key)))
      }
      return step.value
    },
    async walk(limit, after) {
      const rows = await toldOr(
        upkeep.use((connection) => connection.ask(walkSql, after ?? '', now(), limit)),
      )
      const records = rows.map((row) => ({
        ...{ key: String(row.key), expiry: Number(row.expiry) },
        ...storedOf(row),
      }))
      return { records, cursor: records.length < limit ? undefined : records.at(-1)?.key }
    },
  }
}

/** What is read of a database that does not answer as it should is nothing that a caller could do better. */
export async function toldOr<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw cause instanceof StoreUnavailable ? cause : new StoreUnavailable('not read', { cause })
  }
}

/** Looks up in one question what is asked for in one turn of the event loop. */
function together(
  find: (keys: readonly string[]) => Promise<readonly Row[]>,
): (key: string) => Promise<Stored | undefined> {
  let wanted = new Map<string, true>()
  let turn: Promise<ReadonlyMap<string, Stored>> | undefined
  const look = async (): Promise<ReadonlyMap<string, Stored>> => {
    await nextTurn()
    const keys = [...wanted.keys()]
    wanted = new Map()
    turn = undefined
    const rows = await find(keys)
    return new Map(rows.map((row) => [String(row.key), storedOf(row)]))
  }
  return async (key) => {
    if (wanted.size >= mostKeys) await turn?.catch(() => undefined)
    const first = !wanted.has(key)
    wanted.set(key, true)
    turn ??= look()
    const stored = (await turn).get(key)
    // Each may do with its bytes what it likes.
    return first || stored === undefined ? stored : { ...stored, value: Buffer.from(stored.value) }
  }
}

function storedOf(row: Row): Stored {
  return { value: row.value as Buffer, version: Number(row.version) }
}
