/* What the tables are like, and how those of an older version become what they are now. */
import { type Connection, statement, type Value } from './connection.ts'

/**
 * The form of everything in the schema: tables, functions, keys and values. It stands in the schema's own row
 * `state`, and goes up by one whenever a version before this one could no longer read, or would misread, what
 * this one writes. Each step of `steps` leads to the next; the first one lays out a new schema.
 */
export const format = 1

const shelves = ['settings', 'records'] as const

/**
 * One row. `changes`: how many commits changed a setting. `accepted`: the second before which nothing counts
 * that was issued, 0 if there is none.
 */
const stateTable = `
CREATE TABLE $.state (
  one int4 PRIMARY KEY DEFAULT 1 CHECK (one = 1),
  format int4 NOT NULL,
  changes int8 NOT NULL DEFAULT 0,
  accepted int8 NOT NULL DEFAULT 0
);
INSERT INTO $.state (format) VALUES (0);`

/**
 * A record is inserted once, replaced two or three times within minutes, and deleted: on a page that is filled
 * to four fifths the new row versions find room beside the old ones, so that no index learns of them (HOT), which
 * is also why no column but the key has an index. Garbage is looked for after a hundredth of the table and
 * not a fifth, which in a table of millions would be an hour of pushes. Values are sealed: to compress them is
 * work for nothing. Keys are compared byte by byte, which is the order of lists and of the sweep.
 */
const shelfTable = (name: string): string => `
CREATE TABLE $.${name} (
  key text COLLATE "C" PRIMARY KEY,
  version int8 NOT NULL,
  expiry int8 NOT NULL,
  value bytea NOT NULL
) WITH (
  fillfactor = 80,
  autovacuum_vacuum_scale_factor = 0.01,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 1
);
ALTER TABLE $.${name} ALTER COLUMN value SET STORAGE EXTERNAL;`

/**
 * Makes a group of writes in their order and tells what became of each: w(on), l(ost), s(pent) of an insert or
 * replace, y(es) or n(o) of a delete. Marks come first, in the order of their keys, as do the writes: two groups
 * that want the same rows wait for one another, and never in a circle.
 */
const apply = (name: string, changed: string): string => `
CREATE FUNCTION $.apply_${name}(
  verbs text[], keys text[], versions int8[], froms int8[], expiries int8[], contents bytea[],
  mark_keys text[], mark_expiries int8[], mark_writes int4[], at int8
) RETURNS text LANGUAGE plpgsql AS $body$
DECLARE
  outcomes text[] := array_fill('-'::text, ARRAY[cardinality(verbs)]);
  made int8 := 0;
  rows int8;
  i int4;
BEGIN
  FOR m IN 1 .. cardinality(mark_keys) LOOP
    i := mark_writes[m];
    INSERT INTO $.${name} AS r (key, version, expiry, value)
      VALUES (mark_keys[m], versions[i], mark_expiries[m], '')
      ON CONFLICT (key) DO UPDATE
        SET version = excluded.version, expiry = excluded.expiry, value = excluded.value
        WHERE r.expiry < at;
    GET DIAGNOSTICS rows = ROW_COUNT;
    made := made + rows;
    IF rows = 0 THEN outcomes[i] := 's'; END IF;
  END LOOP;
  FOR i IN 1 .. cardinality(verbs) LOOP
    CONTINUE WHEN outcomes[i] = 's';
    IF verbs[i] = 'i' THEN
      INSERT INTO $.${name} AS r (key, version, expiry, value)
        VALUES (keys[i], versions[i], expiries[i], contents[i])
        ON CONFLICT (key) DO UPDATE
          SET version = excluded.version, expiry = excluded.expiry, value = excluded.value
          WHERE r.expiry < at;
    ELSIF verbs[i] = 'r' THEN
      UPDATE $.${name} r SET version = versions[i], expiry = expiries[i], value = contents[i]
        WHERE r.key = keys[i] AND r.version = froms[i] AND r.expiry >= at;
    ELSE
      DELETE FROM $.${name} r WHERE r.key = keys[i] AND r.expiry >= at;
    END IF;
    GET DIAGNOSTICS rows = ROW_COUNT;
    made := made + rows;
    outcomes[i] := CASE
      WHEN verbs[i] = 'd' THEN CASE rows WHEN 0 THEN 'n' ELSE 'y' END
      ELSE CASE rows WHEN 0 THEN 'l' ELSE 'w' END END;
  END LOOP;
  ${changed}
  RETURN array_to_string(outcomes, '');
END $body$;`

/** Behind the outcomes stands the new count, which everybody who listens is told when the commit is made. */
const tellChange = `
  IF made > 0 THEN
    UPDATE $.state SET changes = changes + 1 RETURNING changes INTO rows;
    PERFORM pg_notify('$channel', rows::text);
    RETURN array_to_string(outcomes, '') || ' ' || rows;
  END IF;`

const steps: Readonly<Record<number, string>> = {
  0: [
    stateTable,
    ...shelves.map(shelfTable),
    apply('settings', tellChange),
    apply('records', ''),
  ].join('\n'),
}

/** The channel on which changes of settings are told. */
export const channelOf = (schema: string): string => `parapet_${schema}`

const inSchema = (text: string, schema: string): string =>
  text.replaceAll('$channel', channelOf(schema)).replace(/\$(?=\.)/g, `"${schema}"`)

/** What is there. */
export interface Found {
  readonly accepted: number
}

async function one(connection: Connection, text: string, ...values: Value[]): Promise<unknown> {
  const [row = {}] = await connection.ask(statement(text), ...values)
  return Object.values(row)[0]
}

/** Whether a shelf's table is there, whatever it holds. */
export async function hasTable(
  connection: Connection,
  schema: string,
  table: string,
): Promise<boolean> {
  const found = await one(connection, 'SELECT to_regclass($1)::text', `"${schema}".${table}`)
  return found !== null
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
    if (there === null) await connection.run(`CREATE SCHEMA "${schema}"`)
    for (let found = await formatIn(connection, schema); found < format; found += 1) {
      const step = steps[found]
      if (step === undefined) throw new Error(`nothing leads on from format ${found}`)
      await connection.run(inSchema(step, schema))
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
export async function inspect(connection: Connection, schema: string): Promise<Found> {
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
    if (missing !== null)
      throw new Error(`the role may not ${String(missing)} on ${name}: GRANT it that`)
    const order = await one(
      connection,
      `SELECT c.collname FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation
       WHERE a.attrelid = $1::regclass AND a.attname = 'key'`,
      name,
    )
    if (order !== 'C')
      throw new Error(`${name}.key must have COLLATE "C", and not ${String(order)}`)
  }
  return { accepted: Number(await one(connection, `SELECT accepted FROM "${schema}".state`)) }
}
