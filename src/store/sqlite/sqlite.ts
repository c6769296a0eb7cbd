import type { DatabaseSync } from 'node:sqlite'
import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import type { WriterPlace } from '../backend.ts'
import { writeQueue, writesOf } from '../queue.ts'
import type { Shelf } from '../store.ts'
import { openFile, writerPlace } from './file.ts'
import { isBusy } from './format.ts'
import { openMark } from './mark.ts'
import { type Reader, type Recent, reader, recentRecords } from './read.ts'
import { sweeper } from './sweep.ts'
import { type Writer, writingThread } from './thread.ts'
import { type Trust, trustIn } from './trust.ts'
import { type CommitWrites, committer } from './write.ts'

/** What a shelf in a file needs. */
export interface SqliteOptions {
  /** Path of the database; made if it is not there. */
  readonly file: string
  readonly now: Clock
  /** Before when a record has ended that a sweep may delete; `now` if it is not said. */
  readonly sweepable?: Clock | undefined
  readonly random: Random
  /** Where the writes are made; measured at the start if it is not said. */
  readonly writer?: WriterPlace | undefined
  /** KiB of pages that are kept at most for reading; what SQLite keeps by itself if it is not said. */
  readonly cache?: number | undefined
}

/** Milliseconds the serving thread may block on another process that writes. */
const busy = 5

/**
 * A shelf in an SQLite file (WAL, synchronous=FULL: a settled write survives loss of power). Writes
 * of one turn share a commit. Any number of processes may open the file; one is fastest.
 */
export function sqliteStore(options: SqliteOptions): Shelf {
  const { file, now, sweepable = now, random, writer } = options
  const db = openFile(file, busy, options.cache)
  const trust = trustIn(db, file, random)
  const place = writer ?? writerPlace(file)
  const writing = place === 'thread' ? writingThread(file) : writingHere(db, file)
  const changes = changeCounter(db, trust)
  // Where another thread writes, a connection cannot tell its own commits from others.
  const recent = place === 'here' ? recentRecords() : undefined
  const committed = recent === undefined ? writing.commit : recent.following(writing.commit)
  const commit = guarded(trust, changes, committed)
  const queue = writeQueue({ commit, isBusy, now })
  const reads = reader(db)
  const get = recent === undefined ? reads.get : reading(reads, recent, changes.others)
  const span: typeof reads.span = (...range) => trust.once(() => reads.span(...range))
  const sweep = sweeper(span, sweepable, async (after, upTo, before) =>
    Number(await queue.push({ verb: 'sweep', after, upTo, before })),
  )
  return {
    ...writesOf((...given) => queue.push(...given), random),
    get: (key) => trust.patiently(() => get(key, now())),
    list: async (folder, limit, cursor) =>
      trust.patiently(() => reads.list(folder, limit, cursor, now())),
    walk: async (limit, cursor) => trust.patiently(() => reads.walk(limit, cursor, now())),
    changeCount: changes.count,
    failing: () => queue.failing(),
    damaged: () => trust.damaged(),
    sweep,
    async close() {
      await queue.close()
      trust.files.stop()
      await writing.close()
      if (db.isOpen) db.close()
    },
  }
}

/** Reads what was kept, and keeps what was read. */
function reading({ get }: Reader, recent: Recent, others: () => number): Reader['get'] {
  return (key, now) => {
    const known = recent.find(key, now, others())
    if (known !== undefined) return known
    const read = get(key, now)
    if (read !== undefined) recent.keep(key, read)
    return read
  }
}

/** The same commit, made only into a file that somebody will find again, and counted. */
function guarded(trust: Trust, changes: ChangeCounter, commit: CommitWrites): CommitWrites {
  return (writes, time) => {
    if (trust.files.missing !== undefined) trust.requireFiles()
    try {
      const done = commit(writes, time)
      changes.own += 1
      if (!(done instanceof Promise)) return done
      // In a thread it is not yet done: whoever reads meanwhile must look again.
      return done.catch(trust.unwritten).finally(() => {
        changes.own += 1
      })
    } catch (error) {
      return trust.unwritten(error)
    }
  }
}

/** Counts commits: both parts only grow, so their sum changes when either does. */
interface ChangeCounter {
  /** Commits of this process. */
  own: number
  readonly count: () => number
  /** Changes when another connection has committed. */
  readonly others: () => number
}

/**
 * Asks how many commits there were of other connections once for what runs without a pause: all
 * requests of a turn are handled in one run, and what they ask was settled when the last one came.
 */
function changeCounter(db: DatabaseSync, trust: Trust): ChangeCounter {
  const dataVersion = db.prepare('PRAGMA data_version')
  dataVersion.setReturnArrays(true)
  const others = (): number => {
    if (trust.files.missing !== undefined) trust.requireFiles()
    try {
      // node:sqlite's types know no rows as arrays (`setReturnArrays`).
      return (dataVersion.get() as unknown as [number])[0]
    } catch (cause) {
      throw trust.unreadable(cause)
    }
  }
  let seen: number | undefined
  const forget = (): void => {
    seen = undefined
  }
  const asked = (): number => {
    if (seen === undefined) {
      seen = others()
      process.nextTick(forget)
    }
    return seen
  }
  const counter: ChangeCounter = { own: 0, others: asked, count: () => asked() + counter.own }
  return counter
}

/** Writes by the connection that reads. */
function writingHere(db: DatabaseSync, file: string): Writer {
  const mark = openMark(file)
  return {
    commit: committer(db, (commits) => mark.note(commits)),
    async close() {
      mark.close()
    },
  }
}
