/** Where the store of a test may lie, beside the test: each a row. `network/places.ts` has those that are elsewhere. */
import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { storeUrls } from '../../src/store/index.ts'
import { needsPostgres, startPostgres } from '../stores/postgres.ts'
import { startPostgresPair } from '../stores/postgres-pair.ts'
import { needsRedis, startRedis, until } from '../stores/redis.ts'
import { startRedisCluster } from '../stores/redis-cluster.ts'
import { startRedisSentinel } from '../stores/redis-sentinel.ts'
import {
  elsewhere,
  type Place,
  type PlaceKind,
  replicated,
  type StoreServer,
  type Wanted,
} from './place.ts'
import { storeWire } from './store-wire.ts'

const run = promisify(execFile)

const newDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'parapet-faults-'))

/** Megabytes of the small disk: room for the two files and some minutes of a test's load. */
const smallDisk = 48

/** A store that is a server, reached through something that can be slow or cut. */
async function throughWire(
  store: StoreServer,
  urlOf: (port: number) => string,
  wanted: Wanted,
): Promise<Place> {
  const wire = await storeWire(store.port)
  return {
    settings: elsewhere(urlOf(wire.port), wanted),
    ...{ store, wire },
    async close() {
      await wire.close()
      await store.close()
    },
  }
}

/** A master with so many replicas, of which one takes over; the master comes back as another replica of it. */
async function sentinel(wanted: Wanted, replicas: number): Promise<Place> {
  const redis = await startRedisSentinel({}, replicas)
  const { master, url, close } = redis
  return {
    settings: elsewhere(url, wanted),
    ...replicated(wanted, replicas),
    async failOver(killed) {
      await master.kill()
      killed()
      await redis.succeeded(master)
      await master.restart()
      await until(async () => (await master.ask('info', 'replication')).includes('link_status:up'))
    },
    close,
  }
}

/** Why PostgreSQL cannot be had: it is not there, or this version has no such store. */
function withoutPostgres(): string | undefined {
  const isServed = storeUrls.some((url) => url.startsWith('postgres'))
  return isServed ? needsPostgres().skip : 'PostgreSQL is no store of this version'
}

export const places = {
  sqlite: {
    missing: () => undefined,
    async open() {
      const directory = await newDirectory()
      return {
        settings: { PARAPET_DATA: directory },
        directory,
        close: () => rm(directory, { recursive: true, force: true }),
      }
    },
  },
  'sqlite-small': {
    missing: () =>
      process.platform === 'linux' && process.getuid?.() === 0
        ? undefined
        : 'a disk that is soon full (a tmpfs) can be mounted by root only',
    async open() {
      const directory = await newDirectory()
      await run('mount', ['-t', 'tmpfs', '-o', `size=${smallDisk}m`, 'tmpfs', directory])
      return {
        ...{ settings: { PARAPET_DATA: directory }, directory, small: true },
        async close() {
          await run('umount', ['-l', directory])
          await rm(directory, { recursive: true, force: true })
        },
      }
    },
  },
  redis: {
    missing: () => needsRedis().skip,
    open: async (wanted) =>
      throughWire(await startRedis(), (port) => `redis://127.0.0.1:${port}`, wanted),
  },
  'redis-cluster': {
    missing: () => needsRedis().skip,
    async open(wanted) {
      const { nodes, healthy, url, close } = await startRedisCluster()
      return {
        settings: elsewhere(url, wanted),
        ...replicated(wanted, 1),
        async failOver(killed) {
          const node = nodes[randomInt(nodes.length)]
          await node?.kill()
          killed()
          await new Promise((resolve) => setTimeout(resolve, 5000))
          await node?.restart()
          await healthy()
        },
        close,
      }
    },
  },
  'redis-sentinel': { missing: () => needsRedis().skip, open: (wanted) => sentinel(wanted, 1) },
  'redis-sentinel-two': { missing: () => needsRedis().skip, open: (wanted) => sentinel(wanted, 2) },
  postgres: {
    missing: withoutPostgres,
    open: async (wanted) =>
      throughWire(
        await startPostgres(),
        (port) => `postgres://parapet@127.0.0.1:${port}/postgres`,
        wanted,
      ),
  },
  'postgres-pair': {
    missing: withoutPostgres,
    async open(wanted) {
      const { primary, promote, url, close } = await startPostgresPair()
      return {
        settings: elsewhere(url, wanted),
        async failOver(killed) {
          await primary.kill()
          killed()
          await promote()
        },
        close,
      }
    },
  },
} as const satisfies Readonly<Record<string, PlaceKind>>

export type PlaceName = keyof typeof places
