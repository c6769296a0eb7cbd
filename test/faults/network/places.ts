/** Stores whose servers are hosts of a network of its own, which is parted by what delivers packets, not by a proxy. */
import { randomInt } from 'node:crypto'
import { needs } from '../../program.ts'
import { needsPostgres, type PostgresServer } from '../../stores/postgres.ts'
import { startPostgresPair } from '../../stores/postgres-pair.ts'
import { needsRedis } from '../../stores/redis.ts'
import { startRedisCluster } from '../../stores/redis-cluster.ts'
import { elsewhere, type Place, type PlaceKind, replicated, type Wanted } from '../place.ts'
import { places } from '../places.ts'
import { type Network, openNetwork } from './network.ts'

const noNetwork = (): string | undefined => needs('network namespaces').skip

/** Opens a place on a network that goes with it. */
async function onNetwork(
  stores: number,
  { servers }: Wanted,
  open: (network: Network) => Promise<Place>,
): Promise<Place> {
  const network = await openNetwork(stores, servers)
  try {
    const place = await open(network)
    return {
      ...place,
      hosts: network.servers,
      async close() {
        await place.close()
        await network.close()
      },
    }
  } catch (error) {
    await network.close()
    throw error
  }
}

async function pair(network: Network, wanted: Wanted): Promise<Place> {
  const [first, second] = network.stores.map(({ address: host, within }) => ({ host, within }))
  const { primary, promote, url, close } = await startPostgresPair({
    primary: first ?? {},
    standby: second ?? {},
  })
  return {
    settings: elsewhere(url, wanted),
    async isolate(servers, cut) {
      await network.part([...network.stores.slice(0, 1), ...network.servers.slice(0, servers)])
      cut()
      await promote()
      return {
        async rejoin(joined) {
          const before = await tracesOf(primary)
          await network.join()
          joined()
          return () => writesTo(primary, before)
        },
      }
    },
    close,
  }
}

/** What a primary that was replaced shows of being written to. */
interface Traces {
  /** By its own clock, as text. */
  readonly at: string
  /** Of all that others see there. */
  readonly digest: string
}

async function tracesOf(old: PostgresServer): Promise<Traces> {
  const digests = ['settings', 'records', 'state'].map((table) =>
    old.query(`SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM parapet.${table} t`),
  )
  return { at: await old.query('SELECT now()'), digest: (await Promise.all(digests)).join() }
}

/**
 * Its commits wait for a standby that will not come, so none may be seen. What had been sent to it while it was cut
 * off may still arrive, and wait; a connection that was made later may ask what it is, and nothing more.
 */
async function writesTo(old: PostgresServer, since: Traces): Promise<readonly string[]> {
  const { digest } = await tracesOf(old)
  const begun = await old.query(
    `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND backend_start > '${since.at}'`,
  )
  return [
    ...(digest === since.digest ? [] : ['a primary that was replaced was written to']),
    ...(begun === '0' ? [] : [`${begun} commits began at a primary that was replaced`]),
  ]
}

async function cluster(network: Network, wanted: Wanted): Promise<Place> {
  const { nodes, healthy, url, close } = await startRedisCluster({
    hosts: network.stores.map(({ address: host, within }) => ({ host, within })),
    config: { 'protected-mode': 'no' },
  })
  const masters = nodes.length / 2
  return {
    settings: elsewhere(url, wanted),
    ...replicated(wanted, 1),
    async isolate(servers, cut) {
      const one = randomInt(masters)
      await network.part([
        ...network.stores.slice(one, one + 1),
        ...network.servers.slice(0, servers),
      ])
      cut()
      return {
        async rejoin(joined) {
          await network.join()
          joined()
          await healthy()
          return async () => []
        },
      }
    },
    close,
  }
}

/** All there are: those of which a server beside the test knows nothing too. */
export const everyPlace = {
  ...places,
  'postgres-pair-network': {
    missing: () => noNetwork() ?? needsPostgres().skip,
    open: (wanted) => onNetwork(2, wanted, (network) => pair(network, wanted)),
  },
  'redis-cluster-network': {
    missing: () => noNetwork() ?? needsRedis().skip,
    open: (wanted) => onNetwork(6, wanted, (network) => cluster(network, wanted)),
  },
} as const satisfies Readonly<Record<string, PlaceKind>>

export type AnyPlace = keyof typeof everyPlace
