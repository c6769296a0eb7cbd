import type { GroupCommit } from '../queue.ts'
import type { Answer, Insert, Replace, Write } from '../write.ts'
import { arrayOf, type Connection, type Statement, statement } from './connection/connection.ts'
import type { Pipeline } from './pipeline.ts'

const letters: Readonly<Record<Write['verb'], string>> = { insert: 'i', replace: 'r', delete: 'd' }

/** What the letters mean that `apply_…` of `format.ts` answers. */
const answers: Readonly<Record<string, Answer>> = {
  w: 'won',
  l: 'lost',
  s: 'spent',
  y: true,
  n: false,
}

/**
 * What is inserted and says nothing is an id that is spent without a write. It goes as a mark
 * too, beside the deletion of a key that there cannot be: what is a mark in one group and a write in another would be
 * locked by the two in either order, and they would wait for one another.
 */
const isAlone = (write: Write): write is Insert =>
  write.verb === 'insert' && write.value.length === 0 && write.mark === undefined

const noKey = ''
const alone: Readonly<Record<string, Answer>> = { n: 'won', s: 'lost' }

/** The function that makes a group of writes on one shelf. */
export const applyStatement = (schema: string, shelf: string): Statement =>
  statement(`SELECT "${schema}".apply_${shelf}($1::text[], $2::text[], $3::int8[], $4::int8[], $5::int8[],
    $6::bytea[], $7::text[], $8::int8[], $9::int4[], $10::int8) AS done`)

/**
 * Commits a group in one round trip. Where the connection is lost while it does nobody knows whether the commit
 * was made: that is thrown as it is, and never tried again. `changed` hears the count of changes behind a commit.
 */
export function committer(
  pipeline: Pipeline,
  apply: Statement,
  changed: (count: number) => void,
): GroupCommit<Write, Answer> {
  return async (writes, now) => {
    // Stable: what was pushed first for a key comes first.
    const order = writes.toSorted((a, b) => compare(a.key, b.key))
    const done = await pipeline.commit((connection) => sent(connection, apply, order, now))
    const [outcomes = '', count] = done.split(' ')
    if (count !== undefined) changed(Number(count))
    const byWrite = new Map(
      order.map((write, i) => [write, (isAlone(write) ? alone : answers)[outcomes[i] ?? '']]),
    )
    return writes.map((write) => {
      const answer = byWrite.get(write)
      if (answer === undefined) throw new Error(`the database answered ${outcomes}`)
      return answer
    })
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function sent(
  connection: Connection,
  apply: Statement,
  writes: readonly Write[],
  now: number,
): Promise<string> {
  const marks = writes
    .flatMap((write, i) => {
      const mark = isAlone(write) ? write : 'mark' in write ? write.mark : undefined
      return mark === undefined ? [] : [{ key: mark.key, expiry: mark.expiry, write: i + 1 }]
    })
    .sort((a, b) => compare(a.key, b.key))
  const of = <T>(field: (write: Insert | Replace) => T, none: T): readonly T[] =>
    writes.map((write) => (write.verb === 'delete' ? none : field(write)))
  const [row] = await connection.ask(
    apply,
    arrayOf(writes.map((write) => letters[isAlone(write) ? 'delete' : write.verb])),
    arrayOf(writes.map((write) => (isAlone(write) ? noKey : write.key))),
    arrayOf(of(({ version }) => version, 0)),
    arrayOf(writes.map((write) => (write.verb === 'replace' ? write.from : 0))),
    arrayOf(of(({ expiry }) => expiry, 0)),
    arrayOf(of(({ value }) => bytes(value), '')),
    arrayOf(marks.map(({ key }) => key)),
    arrayOf(marks.map(({ expiry }) => expiry)),
    arrayOf(marks.map(({ write }) => write)),
    now,
  )
  return String(row?.done)
}

const bytes = ({ buffer, byteOffset, length }: Uint8Array): string =>
  `\\x${Buffer.from(buffer, byteOffset, length).toString('hex')}`

/**
 * Nothing of the group was made, and the same may be made now: two that cannot be put in a row, or a deadlock, with
 * somebody's own statements say, which PostgreSQL ends after a second (`deadlock_timeout`).
 */
export function isContested(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return code === '40001' || code === '40P01'
}
