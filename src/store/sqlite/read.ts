import type { DatabaseSync } from 'node:sqlite'
import type { Page, Stored, Walked } from '../store.ts'

/** The reading half of one connection; `now` in seconds. */
export interface Reader {
  get(key: string, now: number): Stored | undefined
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

const getSql = `SELECT ${valueSql}, version FROM records WHERE key = ? AND expiry >= ?`

const walkSql = `
SELECT key, ${valueSql}, version, expiry FROM records WHERE key > ? AND expiry >= ? ORDER BY key LIMIT ?`

const spanSql = `
SELECT max(key), count(*), coalesce(sum(expiry < ?), 0)
FROM (SELECT key, expiry FROM records WHERE key > ? AND key < ? ORDER BY key LIMIT ?)`

/** Statements are prepared once and answer arrays: objects cost more than the search. */
export function reader(db: DatabaseSync): Reader {
  const prepare = (sql: string) => {
    const statement = db.prepare(sql)
    statement.setReturnArrays(true)
    return statement
  }
  const get = prepare(getSql)
  const range = prepare(
    'SELECT key FROM records WHERE key > ? AND key < ? AND expiry >= ? ORDER BY key LIMIT ?',
  )
  const walk = prepare(walkSql)
  const span = prepare(spanSql)
  return {
    get: (key, now) => asStored(get.get(key, now)),
    list: (folder, limit, cursor, now) =>
      page(folder, limit, cursor, (after, before, n) =>
        range.all(after, before, now, n).map((row) => String(Object.values(row)[0])),
      ),
    walk(limit, after, now) {
      const records = walk.all(after ?? '', now, limit).map((row) => {
        const [key, value, version, expiry] = row as unknown as [string, Uint8Array, number, number]
        return { key, value: asBuffer(value), version, expiry }
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

/** Collects keys directly in the folder, leaping over the folders inside it. */
function page(
  folder: string,
  limit: number,
  cursor: string | undefined,
  keysBetween: (after: string, before: string, limit: number) => string[],
): Page {
  const start = `${folder}/`
  const end = `${folder}0` // the character after the slash
  const keys: string[] = []
  let after: string | undefined = cursor ?? start
  while (after !== undefined && keys.length <= limit) {
    const found: string[] = keysBetween(after, end, limit + 1)
    after = undefined
    for (const key of found) {
      const slash = key.indexOf('/', start.length)
      if (slash === -1) keys.push(key)
      else after = `${key.slice(0, slash)}/\x7f`
      if (slash !== -1 || keys.length > limit) break
    }
  }
  return { keys: keys.slice(0, limit), cursor: keys.length > limit ? keys[limit - 1] : undefined }
}

/** A row `[value, version]` as statements that return arrays give it. */
function asStored(row: unknown): Stored | undefined {
  if (row === undefined) return undefined
  const [value, version] = row as [Uint8Array, number]
  return { value: asBuffer(value), version }
}

/** The same bytes, seen as a Buffer. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
