/* What is in a schema: laid out, led on from an older format, and looked at before it is served. */
import { type Connection, statement, type Value } from './connection/connection.ts'
import { format, shelves, stepFrom } from './schema.ts'

/** The only value of a row, as text; undefined if it is NULL. */
async function one(
  connection: Connection,
  text: string,
  ...values: readonly Value[]
): Promise<string | undefined> {
  const [row = {}] = await connection.ask(statement(text), ...values)
  const value = Object.values(row)[0] as string | number | null | undefined
  return value === null ? undefined : String(value)
}

/** Whether a shelf's table is there, whatever it holds. */
export async function hasTable(
  connection: Connection,
  schema: string,
  table: string,
): Promise<boolean> {
  const found = await one(connection, 'SELECT to_regclass($1)::text', `"${schema}".${table}`)
  return found !== undefined
}

/** The format a schema is in, 0 if nothing was laid out in it yet. Throws if a newer version wrote it. */
async function formatIn(connection: Connection, schema: string): Promise<number> {
  if (!(await hasTable(connection, schema, 'state'))) return 0
  const found = Number(await one(connection, `SELECT format FROM "${schema}".state`))
  if (found > format) {
    throw new Error(
      `a newer parapet wrote the schema ${schema}, in format ${found}, and this one reads up to format ${format}: start the newer one, or go back as docs/guide/upgrade.md says`,
    )
  }
  return found
}

/**
 * Lays out a new schema, or leads one of an older format on; of several processes that try, one does, while the
 * others wait for its lock. All in one transaction: it is of one format or of the other, whatever happens.
 */
export async function layOut(connection: Connection, schema: string): Promise<void> {
  if ((await formatIn(connection, schema)) === format) return
  await connection.run(`BEGIN; SET LOCAL statement_timeout = '60s'`)
  try {
    await one(connection, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', schema)
    const there = await one(connection, 'SELECT to_regnamespace($1)::text', `"${schema}"`)
    if (there === undefined) await connection.run(`CREATE SCHEMA "${schema}"`)
    for (let found = await formatIn(connection, schema); found < format; found += 1) {
      const step = stepFrom(found, schema)
      if (step === undefined) throw new Error(`nothing leads on from format ${found}`)
      await connection.run(step)
      await connection.run(`UPDATE "${schema}".state SET format = ${found + 1}`)
    }
    await connection.run('COMMIT')
  } catch (cause) {
    await connection.run('ROLLBACK').catch(() => undefined)
    if ((cause as { code?: unknown }).code !== mayNot) throw cause
    const message = `the role may not make the tables: GRANT CREATE ON DATABASE to it, or make it the owner of the schema ${schema}`
    throw new Error(message, { cause })
  }
}

/** SQLSTATE of what a role has no right to. */
const mayNot = '42501'

/** Rights that serving needs, each of which is asked for by itself: a list is granted if one of it is. */
const rights = ['SELECT', 'INSERT', 'UPDATE', 'DELETE']

/**
 * Looks whether this is a schema that can be served: the format, the rights of the role, and the order of keys,
 * which a restore into other hands or a change of the column may have taken. Throws what is wrong.
 */
export async function inspect(connection: Connection, schema: string): Promise<void> {
  if ((await formatIn(connection, schema)) < format)
    throw new Error(`the schema ${schema} is not there any more, or in an older format`)
  for (const table of shelves) {
    const name = `"${schema}".${table}`
    const missing = await one(
      connection,
      `SELECT string_agg(r, ', ') FROM unnest($1::text[]) r WHERE NOT has_table_privilege($2, r)`,
      `{${rights.join()}}`,
      name,
    )
    if (missing !== undefined)
      throw new Error(`the role may not ${missing} on ${name}: GRANT it that`)
    const order = await one(
      connection,
      `SELECT c.collname FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation
       WHERE a.attrelid = $1::regclass AND a.attname = 'key'`,
      name,
    )
    if (order !== 'C') throw new Error(`${name}.key must have COLLATE "C", and not ${order}`)
  }
}
