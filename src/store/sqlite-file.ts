import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { monotonic } from '../base/time.ts'

/**
 * Where the writes of a file are made: on the thread that serves, which is cheapest where a disk
 * answers quickly, or on one of their own, so that a slow disk holds up nobody else.
 */
export type WriterPlace = 'here' | 'thread'

/** The layout this code reads and writes, kept in `PRAGMA user_version`. */
const layout = 1

/** The value stands last, so that a sweep never reads it. */
const schema = `
CREATE TABLE records (
  key TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  expiry INTEGER NOT NULL,
  value BLOB NOT NULL
) WITHOUT ROWID;
PRAGMA user_version = ${layout}`

/** Milliseconds that opening waits for another process that opens the same file. */
const openingPatience = 5000

/**
 * Opens a shelf's file, making it if there is none (0600). `busy` is how many milliseconds a
 * statement may block while another connection writes.
 */
export function openFile(file: string, busy: number): DatabaseSync {
  closeSync(openSync(file, 'a', 0o600))
  const start = monotonic()
  for (;;) {
    try {
      return prepared(file, busy)
    } catch (error) {
      // The change to WAL does not wait for another process that makes it too.
      if (!isBusy(error) || monotonic() - start > openingPatience) throw about(file, error)
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
  }
}

/** What SQLite says names no file: `file is not a database`. */
function about(file: string, error: unknown): unknown {
  const { errcode, message } = error as { errcode?: number; message?: string }
  if (errcode === undefined) return error
  return Object.assign(new Error(`${file}: ${message}`), { errcode })
}

function prepared(file: string, busy: number): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: openingPatience })
  try {
    const mode = firstColumn(db.prepare('PRAGMA journal_mode = WAL'))
    if (mode !== 'wal') throw new Error(`${file}: this file system cannot hold a shared database`)
    db.exec('PRAGMA synchronous = FULL')
    if (layoutOf(db) !== layout) create(db, file)
    db.exec(`PRAGMA busy_timeout = ${busy}`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function create(db: DatabaseSync, file: string): void {
  db.exec('BEGIN IMMEDIATE')
  const found = layoutOf(db)
  if (found !== 0 && found !== layout) throw new Error(`${file}: layout ${found} is not known here`)
  if (found === 0) db.exec(schema)
  db.exec('COMMIT')
}

function layoutOf(db: DatabaseSync): number {
  return Number(firstColumn(db.prepare('PRAGMA user_version')))
}

function firstColumn(statement: StatementSync): unknown {
  return Object.values(statement.get() ?? {})[0]
}

/** SQLITE_BUSY (5) in any of its extended forms: another connection is writing; nothing was done. */
export function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: unknown } | undefined)?.errcode
  return typeof code === 'number' && (code & 0xff) === 5
}

/**
 * Chooses by the median of 20 measured fsyncs: under a millisecond the writes are made here. Where it
 * cannot be measured they are made on a thread, where they hold up nobody.
 */
export function writerPlace(file: string): WriterPlace {
  try {
    const directory = mkdtempSync(join(dirname(file), '.fsync-'))
    try {
      return fsyncTime(join(directory, 'probe')) < 1 ? 'here' : 'thread'
    } finally {
      rmSync(directory, { recursive: true })
    }
  } catch {
    return 'thread'
  }
}

function fsyncTime(file: string): number {
  const handle = openSync(file, 'wx', 0o600)
  const page = Buffer.alloc(4096)
  try {
    const spans = Array.from({ length: 20 }, () => {
      const start = monotonic()
      writeSync(handle, page)
      fsyncSync(handle)
      return monotonic() - start
    })
    return spans.sort((a, b) => a - b)[10] ?? 0
  } finally {
    closeSync(handle)
  }
}
