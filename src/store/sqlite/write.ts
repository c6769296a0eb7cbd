import type { DatabaseSync, StatementResultingChanges } from 'node:sqlite'
import type { GroupCommit } from '../queue.ts'
import type { Answer as AnswerOfVerb, Insert, Replace, Write as WriteOfVerb } from '../write.ts'

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
export type Write = WriteOfVerb | Sweep

/** What a write is answered: insert and replace, delete, sweep. */
export type Answer = AnswerOfVerb | number

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
  const next = db.prepare('UPDATE state SET commits = commits + 1 RETURNING commits')
  next.setReturnArrays(true)
  const made = { rows: 0 }
  const apply = writes(db, made)
  const abandon = (): void => {
    if (db.isTransaction) rollback.run()
  }
  return (group, now) => {
    abandon()
    begin.run()
    made.rows = 0
    let commits: number | undefined
    let answers: Answer[]
    try {
      answers = group.map((write) => apply(write, now))
      // node:sqlite's types know no rows as arrays (`setReturnArrays`).
      if (made.rows > 0) commits = (next.get() as unknown as [number])[0]
      commit.run()
    } catch (error) {
      abandon()
      throw error
    }
    if (commits !== undefined) note(commits)
    return answers
  }
}

/** Makes one write, and adds what rows it changed to those of its group. */
function writes(db: DatabaseSync, made: { rows: number }): (write: Write, now: number) => Answer {
  const insert = db.prepare(insertSql)
  const replace = db.prepare(
    'UPDATE records SET version = ?, expiry = ?, value = ? WHERE key = ? AND version = ? AND expiry >= ?',
  )
  const remove = db.prepare('DELETE FROM records WHERE key = ? AND expiry >= ?')
  const sweep = db.prepare('DELETE FROM records WHERE key > ? AND key <= ? AND expiry < ?')

  const long = longValues(db)

  const rows = ({ changes }: StatementResultingChanges): number => {
    made.rows += Number(changes)
    return Number(changes)
  }
  const spent = ({ mark, version }: Insert | Replace, now: number): boolean =>
    mark !== undefined && rows(insert.run(mark.key, version, mark.expiry, empty, now)) === 0
  return (write, now) => {
    if (write.verb === 'insert') {
      if (spent(write, now)) return 'spent'
      const { key, version, expiry, value } = write
      const inserted = long.kept(key, value, (kept) =>
        rows(insert.run(key, version, expiry, kept, now)),
      )
      return inserted === 1 ? 'won' : 'lost'
    }
    if (write.verb === 'replace') {
      if (spent(write, now)) return 'spent'
      const { key, version, expiry, value, from } = write
      const replaced = long.kept(key, value, (kept) =>
        rows(replace.run(version, expiry, kept, key, from, now)),
      )
      return replaced === 1 ? 'won' : 'lost'
    }
    if (write.verb === 'delete') return rows(remove.run(write.key, now)) === 1
    return rows(sweep.run(write.after, write.upTo, write.before))
  }
}

const empty = new Uint8Array()

/** Bytes of key and value that fit into a row wherever it stands: a quarter of a page, less what surrounds them. */
const fitting = 900

/** Puts values apart that are too long for a row, and calls `write` with what shall stand in it. */
function longValues(db: DatabaseSync) {
  const put = db.prepare('INSERT INTO long_values (value) VALUES (?)')
  const drop = db.prepare('DELETE FROM long_values WHERE id = ?')
  return {
    kept(key: string, value: Uint8Array, write: (kept: Uint8Array | number) => number): number {
      if (key.length + value.length <= fitting) return write(value)
      const id = Number(put.run(value).lastInsertRowid)
      const written = write(id)
      if (written === 0) drop.run(id)
      return written
    },
  }
}
