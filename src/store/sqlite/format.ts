import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { otherHolder } from './holders.ts'

/**
 * The form of everything in a store's files: tables, keys and values. It stands in the file itself, as
 * `PRAGMA user_version`, and goes up by one whenever a version before this one could no longer read,
 * or would misread, what this one writes. Each step of `upgrades` leads to the next.
 */
export const format = 3

/** The value stands last, so that a sweep never reads it. */
const recordsTable = `
CREATE TABLE records (
  key TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  expiry INTEGER NOT NULL,
  value BLOB NOT NULL
) WITHOUT ROWID;`

/**
 * One row. `id`: which file this is; accepting a store gives it another, so that no copy from before
 * passes for it. `commits`: how many there were, to be compared with the mark beside the file.
 * `accepted`: the second before which nothing counts that was issued, 0 if there is none.
 */
const stateTable = `
CREATE TABLE state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  commits INTEGER NOT NULL,
  accepted INTEGER NOT NULL
);
INSERT INTO state VALUES (1, lower(hex(randomblob(8))), 0, 0);`

/**
 * Values too long for a row of `records`, which names them by their `id` in place of its value. Whoever looks for
 * a key there passes rows of others on the way, and a row that is longer than a quarter of a page is read whole
 * for that, from the file: a few thousand such rows made every read three times as dear.
 */
const longValues = `
CREATE TABLE long_values (id INTEGER PRIMARY KEY, value BLOB NOT NULL);
CREATE TRIGGER long_value_deleted AFTER DELETE ON records WHEN typeof(OLD.value) <> 'blob'
BEGIN DELETE FROM long_values WHERE id = OLD.value; END;
CREATE TRIGGER long_value_replaced AFTER UPDATE ON records WHEN typeof(OLD.value) <> 'blob'
BEGIN DELETE FROM long_values WHERE id = OLD.value; END;`

const schema = `${recordsTable}${stateTable}${longValues}
PRAGMA user_version = ${format};`

/** What makes a file of each older format one of the next. */
const upgrades: Readonly<Record<number, string>> = { 1: stateTable, 2: longValues }

/** The format a file names, 0 if nothing was laid out in it yet. Throws if a newer version wrote it. */
export function formatOf(db: DatabaseSync): number {
  const found = Number(firstColumn(db.prepare('PRAGMA user_version')))
  if (found > format) {
    throw new Error(
      `a newer parapet wrote it, in format ${found}, and this one reads up to format ${format}: start the newer one, or go back as docs/guide/upgrade.md says`,
    )
  }
  return found
}

/** Lays out a new file; of several processes that try, the first does. */
export function layOut(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    if (formatOf(db) === 0) db.exec(schema)
  } finally {
    db.exec('COMMIT')
  }
}

/**
 * Leads a file of an older format to this one, alone: an older server that still has the file open
 * would go on writing what this version reads otherwise, and would find nothing of what it writes.
 */
export function upgrade(file: string): void {
  const db = alone(file)
  if (db === undefined) {
    throw busy(
      `an older parapet serves it in an older format: stop that one first, then start this one, which changes it to format ${format} (docs/guide/upgrade.md)`,
    )
  }
  try {
    let found = formatOf(db)
    if (found === format) return
    db.exec('BEGIN EXCLUSIVE')
    while (found < format) {
      const step = upgrades[found]
      if (step === undefined) throw new Error(`nothing leads on from format ${found}`)
      db.exec(step)
      found += 1
    }
    db.exec(`PRAGMA user_version = ${format}`)
    db.exec('COMMIT')
  } finally {
    db.close()
  }
}

/**
 * Opens a file as the only one, or gives undefined while any other connection of any process has it
 * open: in WAL mode each holds a shared lock for as long as it lives.
 */
export function alone(file: string): DatabaseSync | undefined {
  if (otherHolder(file) !== undefined) return undefined
  const db = new DatabaseSync(file, { timeout: 0 })
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL')
    db.exec('BEGIN EXCLUSIVE; COMMIT')
    return db
  } catch (error) {
    db.close()
    if (isBusy(error)) return undefined
    throw error
  }
}

/** SQLITE_BUSY (5) in any of its extended forms: another connection is writing; nothing was done. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === 5
}

/** SQLITE_CORRUPT (11) or SQLITE_NOTADB (26): what the file holds is no database, here or as a whole. */
export function isCorrupt(error: unknown): boolean {
  const code = primaryCode(error)
  return code === 11 || code === 26
}

function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode
  return typeof code === 'number' ? code & 0xff : undefined
}

function busy(message: string): Error {
  return Object.assign(new Error(message), { errcode: 5 })
}

/** What `state` says. */
export interface State {
  readonly id: string
  readonly commits: number
  readonly accepted: number
}

/** Reads a file's own row. */
export function stateOf(db: DatabaseSync): State {
  const row = db.prepare('SELECT id, commits, accepted FROM state').get()
  if (row === undefined) throw new Error('its state is missing')
  const { id, commits, accepted } = row
  return { id: String(id), commits: Number(commits), accepted: Number(accepted) }
}

/** The only value of a row, undefined if there is no row. */
export function firstColumn(statement: StatementSync): unknown {
  return Object.values(statement.get() ?? {})[0]
}
