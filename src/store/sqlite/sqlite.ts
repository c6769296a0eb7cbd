import type { DatabaseSync } from 'node:sqlite'
import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import { type WriteQueue, writeQueue } from '../queue.ts'
import { checkKey, type Outcome, type SingleUseKey, type Store } from '../store.ts'
import { openFile, type WriterPlace, writerPlace } from './file.ts'
import { openMark } from './mark.ts'
import { reader } from './read.ts'
import { sweeper } from './sweep.ts'
import { type Writer, writingThread } from './thread.ts'
import { trustIn } from './trust.ts'
import { type Answer, committer } from './write.ts'

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
}

/** Milliseconds the serving thread may block on another process that writes. */
const busy = 5

/**
 * A shelf in an SQLite file (WAL, synchronous=FULL: a settled write survives loss of power). Writes
 * of one turn share a commit. Any number of processes may open the file; one is fastest.
 */
export function sqliteStore({ file, now, sweepable = now, random, writer }: SqliteOptions): Store {
  const db = openFile(file, busy)
  const trust = trustIn(db, file, random)
  const place = writer ?? writerPlace(file)
  const writing = place === 'thread' ? writingThread(file) : writingHere(db, file)
  const guarded = trust.guarded(writing.commit)
  let commits = 0
  const queue = writeQueue((writes, time) => {
    const done = guarded(writes, time)
    commits += 1
    // In a thread it is not yet done: whoever reads meanwhile must look again.
    return done instanceof Promise ? done.finally(() => (commits += 1)) : done
  }, now)
  // All requests of a turn are handled in one run: what they ask was settled when the last one came.
  const others = oncePerRun(() => trust.once(() => reads.dataVersion()))
  const reads = reader(db)
  const span: typeof reads.span = (...range) => trust.once(() => reads.span(...range))
  const sweep = sweeper(span, sweepable, async (after, upTo, before) =>
    Number(await queue.push({ verb: 'sweep', after, upTo, before })),
  )
  return {
    ...writesOf(queue, random),
    get: (key) => trust.patiently(() => reads.get(key, now())),
    list: async (folder, limit, cursor) =>
      trust.patiently(() => reads.list(folder, limit, cursor, now())),
    // Both only grow, so their sum changes when either does.
    changeCount: () => others() + commits,
    failing: () => queue.failing(),
    damaged: () => trust.damaged(),
    sweep,
    async close() {
      await queue.close()
      trust.stop()
      await writing.close()
      if (db.isOpen) db.close()
    },
  }
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

/** Reads a number once for what runs without a pause. */
function oncePerRun(ask: () => number): () => number {
  let seen: number | undefined
  const forget = (): void => {
    seen = undefined
  }
  return () => {
    if (seen === undefined) {
      seen = ask()
      process.nextTick(forget)
    }
    return seen
  }
}

type Writes = Pick<Store, 'insert' | 'replace' | 'delete'>

function writesOf(queue: WriteQueue, random: Random): Writes {
  // Each process counts on from a number of its own, so no two values ever share a version.
  let version = random(6).readUIntBE(0, 6) % 2 ** 47
  const next = (): number => {
    version += 1
    return version
  }
  return {
    insert: (key, value, expiry, mark) =>
      checked(key, mark, () =>
        queue.push({ verb: 'insert', key, version: next(), expiry, value, mark }),
      ),
    replace: (key, from, value, expiry, mark) =>
      checked(key, mark, () =>
        queue.push({ verb: 'replace', key, version: next(), expiry, value, mark, from }),
      ),
    delete: (key) => queue.push({ verb: 'delete', key }) as Promise<boolean>,
  }
}

/** What an insert or replace is answered, unless it names what can be no key. */
function checked(
  key: string,
  mark: SingleUseKey | undefined,
  write: () => Promise<Answer>,
): Promise<Outcome> {
  try {
    checkKey(key)
    if (mark !== undefined) checkKey(mark.key)
  } catch (error) {
    return Promise.reject(error)
  }
  return write() as Promise<Outcome>
}
