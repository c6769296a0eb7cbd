/** Where the store of a test may lie: each a row. */
import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { storeUrls } from '../../src/store/index.ts'
import { needsPostgres, startPostgres } from '../stores/postgres.ts'
import { startPostgresPair } from '../stores/postgres-pair.ts'
import { needsRedis, startRedis } from '../stores/redis.ts'
import { startRedisCluster } from '../stores/redis-cluster.ts'
import { elsewhere, type Place, type PlaceKind, type StoreServer } from './place.ts'
import { storeWire } from './store-wire.ts'

const run = promisify(execFile)

const newDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'parapet-faults-'))

/** Megabytes of the small disk: room for the two files and some minutes of a test's load. */
const smallDisk = 48

/** A store that is a server, reached through something that can be slow or cut. */
async function throughWire(store: StoreServer, urlOf: (port: number) => string): Promise<Place> {
  const wire = await storeWire(store.port)
  return {
    settings: elsewhere(urlOf(wire.port)),
    ...{ store, wire },
    async close() {
      await wire.close()
      await store.close()
    },
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
    open: async () => throughWire(await startRedis(), (port) => `redis://127.0.0.1:${port}`),
  },
  'redis-cluster': {
    missing: () => needsRedis().skip,
    async open() {
      const { nodes, healthy, url, close } = await startRedisCluster()
      return {
        settings: elsewhere(url),
        async failOver() {
          const node = nodes[randomInt(nodes.length)]
          await node?.kill()
          await new Promise((resolve) => setTimeout(resolve, 5000))
          await node?.restart()
          await healthy()
        },
        close,
      }
    },
  },
  postgres: {
    missing: withoutPostgres,
    open: async () =>
      throughWire(await startPostgres(), (port) => `postgres://parapet@127.0.0.1:${port}/postgres`),
  },
  'postgres-pair': {
    missing: withoutPostgres,
    async open() {
      const { primary, promote, url, close } = await startPostgresPair()
      return {
        settings: elsewhere(url),
        async failOver() {
          await primary.kill()
          await promote()
        },
        close,
      }
    },
  },
} as const satisfies Readonly<Record<string, PlaceKind>>

export type PlaceName = keyof typeof places
