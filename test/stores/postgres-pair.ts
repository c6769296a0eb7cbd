/** A PostgreSQL and its synchronous standby: a commit is answered when both have it on their disks. */
import { type PostgresOptions, type PostgresServer, startPostgres } from './postgres.ts'

export interface PostgresPair {
  readonly primary: PostgresServer
  readonly standby: PostgresServer
  /** Both, for whoever serves the one that is the primary: `postgres://parapet@host:1,host:2/postgres`. */
  readonly url: string
  /** Makes the standby a primary; it takes writes when this resolves. The first is not asked. */
  readonly promote: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts both and waits until commits wait for the standby. */
export async function startPostgresPair({
  primary: ofPrimary = {},
  standby: ofStandby = {},
}: {
  readonly primary?: PostgresOptions
  readonly standby?: PostgresOptions
} = {}): Promise<PostgresPair> {
  const config = { ...ofPrimary.config, synchronous_standby_names: 'standby' }
  const primary = await startPostgres({ ...ofPrimary, config })
  try {
    const standbyOf = `host=${primary.host} port=${primary.port}`
    const standby = await startPostgres({ ...ofStandby, standbyOf })
    await until(() => primary.query('SELECT sync_state FROM pg_stat_replication'), 'sync')
    const [first, second] = [primary, standby].map(({ host, port }) => `${host}:${port}`)
    return {
      ...{ primary, standby, url: `postgres://parapet@${first},${second}/postgres` },
      promote: async () => void (await standby.query('SELECT pg_promote()')),
      async close() {
        await Promise.all([primary.close(), standby.close()])
      },
    }
  } catch (error) {
    await primary.close()
    throw error
  }
}

async function until(ask: () => Promise<string>, answer: string): Promise<void> {
  while ((await ask()) !== answer) await new Promise((resolve) => setTimeout(resolve, 20))
}
