/* The tables and functions, and how those of an older version become what they are now. */

/**
 * The form of everything in the schema: tables, functions, keys and values. It stands in the schema's own row
 * `state`, and goes up by one whenever a version before this one could no longer read, or would misread, what
 * this one writes. Each step of `steps` leads to the next; the first one lays out a new schema.
 */
export const format = 1

export const shelves = ['settings', 'records'] as const

/** One row. `changes`: how many commits changed a setting. */
const stateTable = `
CREATE TABLE $.state (
  one int4 PRIMARY KEY DEFAULT 1 CHECK (one = 1),
  format int4 NOT NULL,
  changes int8 NOT NULL DEFAULT 0
);
INSERT INTO $.state (format) VALUES (0);`

/**
 * A record is inserted once, replaced two or three times within minutes, and deleted: on a page that is filled
 * to four fifths the new row versions find room beside the old ones, so that no index learns of them (HOT), which
 * is also why no column but the key has an index. Garbage is looked for after a hundredth of the table and
 * not a fifth, which in a table of millions would be an hour of pushes. Values are sealed: to compress them is
 * work for nothing. Keys are compared byte by byte, which is the order of lists and of the sweep.
 */
const shelfTable = `
CREATE TABLE $.$shelf (
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
ALTER TABLE $.$shelf ALTER COLUMN value SET STORAGE EXTERNAL;`

/**
 * Makes a group of writes in their order and tells what became of each: w(on), l(ost), s(pent) of an insert or
 * replace, y(es) or n(o) of a delete. Rows are locked in one order by every group: first the marks as they are given,
 * then the writes as they are given, and last, in the settings, the row that counts. `write.ts` gives each of the two in
 * the order of keys, and what may be a mark of one group never as a write of another. So of two groups that want the
 * same rows one waits until the other has ended, and never both. A sweep waits for nobody: it passes locked rows by.
 */
const applyGroup = `
CREATE FUNCTION $.apply_$shelf(
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
    INSERT INTO $.$shelf AS r (key, version, expiry, value)
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
      INSERT INTO $.$shelf AS r (key, version, expiry, value)
        VALUES (keys[i], versions[i], expiries[i], contents[i])
        ON CONFLICT (key) DO UPDATE
          SET version = excluded.version, expiry = excluded.expiry, value = excluded.value
          WHERE r.expiry < at;
    ELSIF verbs[i] = 'r' THEN
      UPDATE $.$shelf r SET version = versions[i], expiry = expiries[i], value = contents[i]
        WHERE r.key = keys[i] AND r.version = froms[i] AND r.expiry >= at;
    ELSE
      DELETE FROM $.$shelf r WHERE r.key = keys[i] AND r.expiry >= at;
    END IF;
    GET DIAGNOSTICS rows = ROW_COUNT;
    made := made + rows;
    outcomes[i] := CASE
      WHEN verbs[i] = 'd' THEN CASE rows WHEN 0 THEN 'n' ELSE 'y' END
      ELSE CASE rows WHEN 0 THEN 'l' ELSE 'w' END END;
  END LOOP;
  $told
  RETURN array_to_string(outcomes, '');
END $body$;`

/** Behind the outcomes stands the new count, which everybody who listens is told when the commit is made. */
const tellChange = `
  IF made > 0 THEN
    UPDATE $.state SET changes = changes + 1 RETURNING changes INTO rows;
    PERFORM pg_notify('$channel', rows::text);
    RETURN array_to_string(outcomes, '') || ' ' || rows;
  END IF;`

/** What leads from each format to the next. */
const steps: Readonly<Record<number, string>> = {
  0: [
    stateTable,
    ...shelves.map((shelf) => shelfTable.replaceAll('$shelf', shelf)),
    applyGroup.replaceAll('$shelf', 'settings').replace('$told', () => tellChange),
    applyGroup.replaceAll('$shelf', 'records').replace('$told', ''),
  ].join('\n'),
}

/** The channel on which changes of settings are told. */
export const channelOf = (schema: string): string => `parapet_${schema}`

/** The statements of the step that leads on from a format; undefined if none does. */
export const stepFrom = (found: number, schema: string): string | undefined =>
  steps[found]?.replaceAll('$channel', channelOf(schema)).replace(/\$(?=\.)/g, `"${schema}"`)
