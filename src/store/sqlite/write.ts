import type { DatabaseSync } from 'node:sqlite'
import type { GroupCommit } from '../queue.ts'
import type { Outcome } from '../store.ts'

interface NewMark {
  readonly key: string
  readonly expiry: number
}

interface Insert {
  readonly verb: 'insert'
  readonly key: string
  readonly version: number
  readonly expiry: number
  readonly value: Uint8Array
  readonly mark: NewMark | undefined
}

interface Replace extends Omit<Insert, 'verb'> {
  readonly verb: 'replace'
  /** The version it must still have. */
  readonly from: number
}

interface Delete {
  readonly verb: 'delete'
  readonly key: string
}

/**
 * Deletes, among the keys after `after` up to and including `upTo`, what ended before `before`: the
 * sweeper's time, which may be behind the one that the verbs go by.
 */
interface Sweep {
  readonly verb: 'sweep'
  readonly after: string
  readonly upTo: string
  readonly before: number
}

/** One write as plain data, so that it can be handed to another thread. */
export type Write = Insert | Replace | Delete | Sweep

/** What a write is answered: insert and replace, delete, sweep. */
export type Answer = Outcome | boolean | number

/** Commits a group of them, here or on another thread. */
export type CommitWrites = GroupCommit<Write, Answer>

/** Makes the writes in order in one transaction, durable when it returns; all or none if it throws. */
export type Commit = (writes: readonly Write[], now: number) => Answer[]

const insertSql = `
INSERT INTO records (key, version, expiry, value) VALUES (?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE
SET version = excluded.version, expiry = excluded.expiry, value = excluded.value
WHERE records.expiry < ?`

/**
 * The writing half of one connection. A commit that changed anything is counted in it, and its number
 * noted before anybody is told; one that changed nothing costs no write, and is not counted.
 */
export function committer(db: DatabaseSync, note: (commits: number) => void): Commit {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const count = counter(db)
  const apply = writes(db)
  const abandon = (): void => {
    if (db.isTransaction) rollback.run()
  }
  return (group, now) => {
    abandon()
    begin.run()
    let commits: number | undefined
    let answers: Answer[]
    try {
      answers = group.map((write) => apply(write, now))
      commits = count()
      commit.run()
    } catch (error) {
      abandon()
      throw error
    }
    if (commits !== undefined) note(commits)
    return answers
  }
}

/** Counts a commit, and gives its number; undefined if nothing was changed since the last one. */
function counter(db: DatabaseSync): () => number | undefined {
  const changes = db.prepare('SELECT total_changes()')
  const next = db.prepare('UPDATE state SET commits = commits + 1 RETURNING commits')
  changes.setReturnArrays(true)
  next.setReturnArrays(true)
  // node:sqlite's types know no rows as arrays (`setReturnArrays`): both casts are for that.
  const made = (): number => (changes.get() as unknown as [number])[0]
  let seen = made()
  return () => {
    if (made() === seen) return undefined
    const [commits] = next.get() as unknown as [number]
    seen = made()
    return commits
  }
}

function writes(db: DatabaseSync): (write: Write, now: number) => Answer {
  const insert = db.prepare(insertSql)
  const replace = db.prepare(
    'UPDATE records SET version = ?, expiry = ?, value = ? WHERE key = ? AND version = ? AND expiry >= ?',
  )
  const remove = db.prepare('DELETE FROM records WHERE key = ? AND expiry >= ?')
  const sweep = db.prepare('DELETE FROM records WHERE key > ? AND key <= ? AND expiry < ?')

  const spent = ({ mark, version }: Insert | Replace, now: number): boolean =>
    mark !== undefined && insert.run(mark.key, version, mark.expiry, empty, now).changes === 0
  return (write, now) => {
    if (write.verb === 'insert') {
      if (spent(write, now)) return 'spent'
      const { key, version, expiry, value } = write
      return insert.run(key, version, expiry, value, now).changes === 1 ? 'won' : 'lost'
    }
    if (write.verb === 'replace') {
      if (spent(write, now)) return 'spent'
      const { key, version, expiry, value, from } = write
      return replace.run(version, expiry, value, key, from, now).changes === 1 ? 'won' : 'lost'
    }
    if (write.verb === 'delete') return remove.run(write.key, now).changes === 1
    return Number(sweep.run(write.after, write.upTo, write.before).changes)
  }
}

const empty = new Uint8Array()
