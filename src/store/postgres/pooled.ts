/**
 * Whether a connection leads to one session, as it must: what is set, prepared and listened for on it is the session's.
 * A pooler that gives sessions to others between two transactions answers all the same, and nothing of that holds.
 */
import { type Connection, statement } from './connection/connection.ts'

/** Which session each connection was given, by a name that the server drew for it. */
export type Sessions = Map<Connection, string>

const askSql = statement(`SELECT current_setting('parapet.session', true) AS session`)

const nameSql = statement(
  `SELECT set_config('parapet.session', gen_random_uuid()::text, false) AS session`,
)

async function asked(connection: Connection, sql: typeof askSql): Promise<string> {
  const [row] = await connection.ask(sql)
  return typeof row?.session === 'string' ? row.session : ''
}

const pooled =
  'what it leads to is the session of other connections too, as where a pooler has pool_mode = transaction: it must be session'

/** Names the session of a new connection. @throws Error if it is that of another one, which is open. */
export async function nameSession(sessions: Sessions, connection: Connection): Promise<void> {
  const before = await asked(connection, askSql)
  for (const one of sessions.keys()) if (one.gone) sessions.delete(one)
  if ([...sessions.values()].includes(before)) throw new Error(pooled)
  sessions.set(connection, await asked(connection, nameSql))
}

/** @throws Error if a connection leads to another session than it did when it was made. */
export async function sameSession(sessions: Sessions, connection: Connection): Promise<void> {
  if ((await asked(connection, askSql)) !== sessions.get(connection)) throw new Error(pooled)
}
