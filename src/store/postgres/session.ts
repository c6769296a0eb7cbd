/* What a connection is set to and asked before it serves: a primary, new enough, as durable as it has to be. */
import type { Durability } from '../backend.ts'
import { type Connection, type Row, statement } from './connection/connection.ts'

/** Milliseconds after which the server itself gives up a statement. A commit that waits for a standby is none. */
export const statementTimeout = 2000

/** What a server is set to, of which a commit's durability depends. Any but `synchronousCommit` may be set otherwise while it runs. */
interface Settings {
  readonly fsync: string
  readonly fullPageWrites: string
  readonly synchronousCommit: string
  readonly synchronousStandbys: string
}

/** What a server says of itself. */
export interface Facts extends Settings {
  readonly version: number
  /** Whether it follows another one. */
  readonly standby: boolean
  /** Goes up whenever a standby became a primary. 0 where it is not told. */
  readonly timeline: number
  /** Standbys that commits wait for, as far as the role may see them. */
  readonly replicas: number
}

/**
 * A plan is made once for many calls, when the table may be empty: without its index, or joined in another way
 * than key by key, it would be read whole ever after. Compiling a plan (jit) takes longer than to look up a key.
 */
const sessionSql = `
SET statement_timeout = ${statementTimeout}; SET idle_session_timeout = 0; SET enable_seqscan = off;
SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off; SET default_transaction_isolation = 'read committed';
SET plan_cache_mode = force_generic_plan`

const settingsSql = `
  current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
  current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('synchronous_standby_names') AS synchronous_standbys`

const factsSql = statement(`
SELECT current_setting('server_version_num')::int4 AS version, pg_is_in_recovery() AS standby,
  CASE WHEN pg_is_in_recovery() THEN 0
    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int4 END AS timeline,
  ${settingsSql},
  (SELECT count(*)::int4 FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')) AS replicas`)

/** Settings of `synchronous_commit` with which a commit is on as many disks as the durability says. */
const waiting: Readonly<Record<Durability, readonly string[]>> = {
  disk: ['local', 'remote_write', 'on', 'remote_apply'],
  replica: ['on', 'remote_apply'],
}

/**
 * Sets a connection up, and tells what it leads to. `synchronous_commit` is set in any case where something is promised:
 * what a session has set for itself no change of the server's configuration takes back.
 */
export async function prepare(
  connection: Connection,
  durability: Durability | undefined,
): Promise<Facts> {
  await connection.run(sessionSql)
  const facts = await factsOf(connection)
  if (durability === undefined) return facts
  const { synchronousCommit: is } = facts
  const synchronousCommit = waiting[durability].includes(is) ? is : 'on'
  await connection.run(`SET synchronous_commit = ${synchronousCommit}`)
  return { ...facts, synchronousCommit }
}

async function factsOf(connection: Connection): Promise<Facts> {
  const [row = {}] = await connection.ask(factsSql)
  return {
    ...settingsIn(row),
    version: Number(row.version),
    standby: row.standby === true,
    timeline: Number(row.timeline),
    replicas: Number(row.replicas),
  }
}

function settingsIn(row: Row): Settings {
  return {
    fsync: String(row.fsync),
    fullPageWrites: String(row.full_page_writes),
    synchronousCommit: String(row.synchronous_commit),
    synchronousStandbys: String(row.synchronous_standbys),
  }
}

const stillSql = statement(`SELECT ${settingsSql}`)

/**
 * Why a server does not keep what is promised any more; undefined if it does. Asked behind a commit, on its connection and
 * in its round trip, it is answered after it: a session takes a new configuration over before each statement, and is
 * told of it before those are released that wait for a standby which is no longer wanted.
 */
export async function brokenSince(
  connection: Connection,
  durability: Durability,
): Promise<string | undefined> {
  const [row = {}] = await connection.ask(stillSql)
  return problemIn(rules[durability], settingsIn(row), durability)
}

/** What is wrong where a condition holds. */
type Rule<F> = readonly [holds: (facts: F) => boolean, what: string]

const ofDisk: readonly Rule<Settings>[] = [
  [({ fsync }) => fsync !== 'on', 'fsync is off'],
  [({ fullPageWrites }) => fullPageWrites !== 'on', 'full_page_writes is off'],
  [({ synchronousCommit }) => synchronousCommit === 'off', 'synchronous_commit is off'],
]

const ofReplica: readonly Rule<Settings>[] = [
  ...ofDisk,
  [({ synchronousStandbys }) => synchronousStandbys === '', 'synchronous_standby_names is empty'],
  [
    ({ synchronousCommit }) => !waiting.replica.includes(synchronousCommit),
    'synchronous_commit is neither on nor remote_apply',
  ],
]

const rules: Readonly<Record<Durability, readonly Rule<Settings>[]>> = {
  disk: ofDisk,
  replica: ofReplica,
}

/** Only at the start: later a commit waits until there is one again. */
const replicaAtStart: Rule<Facts> = [
  ({ replicas }) => replicas === 0,
  'pg_stat_replication shows no synchronous standby (the role needs pg_read_all_stats, or pg_monitor, to see one)',
]

/** Why a server cannot keep what is promised; undefined if it can. */
export function notDurable(
  facts: Facts,
  durability: Durability,
  starting: boolean,
): string | undefined {
  const atStart = starting && durability === 'replica' ? [replicaAtStart] : []
  return problemIn([...rules[durability], ...atStart], facts, durability)
}

function problemIn<F>(
  all: readonly Rule<F>[],
  facts: F,
  durability: Durability,
): string | undefined {
  const what = all.find(([holds]) => holds(facts))?.[1]
  return what === undefined
    ? undefined
    : `it cannot promise PARAPET_DURABILITY=${durability}: ${what}`
}

/** What an operator should hear of where no durability is asked for: what is answered may be lost with the power. */
export function atRisk(facts: Facts): string | undefined {
  return ofDisk.find(([holds]) => holds(facts))?.[1]
}

/** The oldest release it is tested with. */
const oldest = 15

/** Why a server is not served from; undefined if it is. */
export function unusable({ version, standby }: Facts): string | undefined {
  if (standby) return 'it is a standby'
  return version < oldest * 10_000
    ? `it is PostgreSQL ${Math.floor(version / 10_000)}, and ${oldest} or later is needed`
    : undefined
}
