import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { monotonic } from '../../base/time.ts'
import type { WriterPlace } from '../backend.ts'
import { firstColumn, format, formatOf, isBusy, isCorrupt, layOut, upgrade } from './format.ts'
import { whatToDo } from './intact.ts'

/** Milliseconds that opening waits for another process that opens the same file. */
const openingPatience = 5000

/**
 * Opens a shelf's file, making it if there is none (0600). `busy` is how many milliseconds a
 * statement may block while another connection writes, `cache` how many KiB of pages are kept at most.
 */
export function openFile(file: string, busy: number, cache?: number): DatabaseSync {
  // Only where there is none: closing a descriptor beside those of SQLite ends all locks this process
  // has on the file, and the next one that closes it would throw away a log that is in use.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  const start = monotonic()
  for (;;) {
    try {
      const db = prepared(file, busy)
      if (cache !== undefined) db.exec(`PRAGMA cache_size = -${cache}`)
      return db
    } catch (error) {
      // The change to WAL does not wait for another process that makes it too.
      if (!isBusy(error) || monotonic() - start > openingPatience) throw about(file, error)
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
  }
}

/** What is wrong with a file names it. */
function about(file: string, error: unknown): unknown {
  const { errcode, message } = error as { errcode?: number; message?: string }
  const advice = isCorrupt(error) ? `. ${whatToDo}` : ''
  return Object.assign(new Error(`${file}: ${message}${advice}`, { cause: error }), { errcode })
}

function prepared(file: string, busy: number): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: openingPatience })
  try {
    const mode = firstColumn(db.prepare('PRAGMA journal_mode = WAL'))
    if (mode !== 'wal') throw new Error('this file system cannot hold a shared database')
    db.exec('PRAGMA synchronous = FULL')
    if (formatOf(db) === 0) layOut(db)
    if (formatOf(db) === format) {
      db.exec(`PRAGMA busy_timeout = ${busy}`)
      return db
    }
  } catch (error) {
    db.close()
    throw error
  }
  db.close()
  upgrade(file)
  return prepared(file, busy)
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
