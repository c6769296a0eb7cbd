import type { DatabaseSync } from 'node:sqlite'
import { folderPage } from '../keys-in.ts'
import type { Page, Stored, Walked } from '../store.ts'
import { never } from '../store.ts'
import type { Answer, CommitWrites, Write } from './write.ts'

/** The reading half of one connection; `now` in seconds. */
export interface Reader {
  readonly get: (key: string, now: number) => Kept | undefined
  list(folder: string, limit: number, cursor: string | undefined, now: number): Page
  walk(limit: number, after: string | undefined, now: number): Walked
  /** The next keys after `after` and before `before`. */
  span(after: string, before: string, limit: number, now: number): Span
}

/** A run of neighbouring keys. */
export interface Span {
  /** The last of them; undefined when there is none. */
  readonly last: string | undefined
  readonly keys: number
  /** How many of them are garbage. */
  readonly garbage: number
}

/** The value of a row, wherever it stands (`long_values` in `format.ts`). */
const valueSql = `
CASE typeof(value) WHEN 'blob' THEN value ELSE (SELECT l.value FROM long_values l WHERE l.id = records.value) END`

/** Versions before kept expiries beyond `never` too, some of them beyond what a JavaScript number can tell. */
const expirySql = `min(expiry, ${never})`

const getSql = `SELECT ${valueSql}, version, ${expirySql} FROM records WHERE key = ? AND expiry >= ?`

/**
 * How many rows at most, as a sum: SQLite plans by the number where a parameter stands there alone, and prepares the
 * statement anew each time that one is bound, which takes longer than to read some rows.
 */
const atMost = 'LIMIT ? + 0'

const walkSql = `
SELECT key, ${valueSql}, version, ${expirySql} FROM records WHERE key > ? AND expiry >= ? ORDER BY key ${atMost}`

const spanSql = `
SELECT max(key), count(*), coalesce(sum(expiry < ?), 0)
FROM (SELECT key, expiry FROM records WHERE key > ? AND key < ? ORDER BY key ${atMost})`

/** Statements are prepared once and answer arrays: objects cost more than the search. */
export function reader(db: DatabaseSync): Reader {
  const prepare = (sql: string) => {
    const statement = db.prepare(sql)
    statement.setReturnArrays(true)
    return statement
  }
  const get = prepare(getSql)
  const range = prepare(
    `SELECT key FROM records WHERE key > ? AND key < ? AND expiry >= ? ORDER BY key ${atMost}`,
  )
  const walk = prepare(walkSql)
  const span = prepare(spanSql)
  return {
    get: (key, now) => asKept(get.get(key, now)),
    list(folder, limit, cursor, now) {
      const page = folderPage(folder, limit, cursor)
      let step = page.next()
      while (!step.done) {
        const { after, before, limit: most } = step.value
        const rows = range.all(after, before, now, most)
        step = page.next(rows.map((row) => String(Object.values(row)[0])))
      }
      return step.value
    },
    walk(limit, after, now) {
      const records = walk.all(after ?? '', now, limit).map((row) => {
        const [key, value, version, expiry] = row as unknown as [string, Uint8Array, number, number]
        // Versions before kept fractions of a second too, which no other store has.
        return { key, value: asBuffer(value), version, expiry: Math.ceil(expiry) }
      })
      return { records, cursor: records.length < limit ? undefined : records.at(-1)?.key }
    },
    span(after, before, limit, now) {
      // node:sqlite's types know no rows as arrays (`setReturnArrays`).
      const row = span.get(now, after, before, limit) as unknown as [string | null, number, number]
      return { last: row[0] ?? undefined, keys: row[1], garbage: row[2] }
    },
  }
}

/** A row `[value, version, expiry]` as statements that return arrays give it. */
function asKept(row: unknown): Kept | undefined {
  if (row === undefined) return undefined
  const [value, version, expiry] = row as [Uint8Array, number, number]
  return { value: asBuffer(value), version, expiry }
}

/** The same bytes, seen as a Buffer. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A record, and its last second. */
export interface Kept extends Stored {
  readonly expiry: number
}

/** What was written or read a moment ago, as it stands in the file. */
export interface Recent {
  /** `others`: changes when another connection has committed. */
  find(key: string, now: number, others: number): Kept | undefined
  keep(key: string, kept: Kept): void
  /** The same commits, and what they wrote is kept. */
  following(commit: CommitWrites): CommitWrites
}

/** How many are kept: a few for each request that may be under way. */
const most = 256

/** Bytes of a value that is kept. */
const longest = 4096

/**
 * Keeps what the next request of the same flow, or of the same session, reads again at once: a read of the file costs
 * eight times as much. It is forgotten as soon as any other connection has committed, and when a commit failed. Only
 * a hint to whoever decides: every write is still compared in the file itself.
 */
export function recentRecords(): Recent {
  const kept = new Map<string, Text>()
  let seen: number | undefined
  /** What ended before this second may have been swept. */
  let swept = 0
  const keep = (key: string, { value, version, expiry }: Bytes): void => {
    kept.delete(key)
    if (value.length <= longest) kept.set(key, { text: latin1(value), version, expiry })
    if (kept.size > most) kept.delete(kept.keys().next().value as string)
  }
  const note = (write: Write, answer: Answer | undefined): void => {
    if (write.verb === 'sweep') swept = Math.max(swept, write.before)
    else if (write.verb !== 'delete' && answer === 'won') keep(write.key, write)
    else kept.delete(write.key)
  }
  return {
    find(key, now, others) {
      if (others !== seen) kept.clear()
      seen = others
      const found = kept.get(key)
      if (found === undefined || found.expiry < now || found.expiry < swept) return undefined
      const { text, version, expiry } = found
      return { value: Buffer.from(text, 'latin1'), version, expiry }
    },
    keep,
    following: (commit) => (writes, now) => {
      try {
        const answers = commit(writes, now) as Answer[]
        for (const [i, write] of writes.entries()) note(write, answers[i])
        return answers
      } catch (error) {
        kept.clear()
        throw error
      }
    },
  }
}

/** A record with its bytes as text: whoever hands in or is given bytes may change them. */
interface Text extends Omit<Kept, 'value'> {
  readonly text: string
}

type Bytes = Omit<Kept, 'value'> & { readonly value: Uint8Array }

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
