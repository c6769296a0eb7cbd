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

/** What is said of a connection that leads to no session of its own. */
export const pooled =
  'what it leads to is the session of other connections too, as where a pooler has pool_mode = transaction: it must be session'

/** Names the session of a new connection. @throws Error if it is that of another one, which is open. */
export async function nameSession(sessions: Sessions, connection: Connection): Promise<void> {
  const before = await asked(connection, askSql)
  for (const one of sessions.keys()) if (one.gone) sessions.delete(one)
  if ([...sessions.values()].includes(before)) throw new Error(pooled)
  sessions.set(connection, await asked(connection, nameSql))
}

/** Whether a connection leads to the session it was made for. @throws Error where the server does not say. */
export async function isSameSession(sessions: Sessions, connection: Connection): Promise<boolean> {
  return (await asked(connection, askSql)) === sessions.get(connection)
}
