import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { reasonOf } from '../../base/log.ts'
import { monotonic } from '../../base/time.ts'
import type { Place } from './place.ts'
import { scripts } from './scripts.ts'
import { slotOf } from './slot.ts'

/** The servers of a place, and who has which key. */
export interface Nodes {
  /** Whether all keys are at one server. */
  readonly one: boolean
  /** Who has a key now; undefined while nobody is known that answers. */
  readonly at: (key: string) => Redis | undefined
  /** Whom an error names that says where a key is instead, and whether that one has to be told so. */
  readonly redirected: (error: unknown) => { node: Redis; asking: boolean } | undefined
  readonly masters: () => readonly Redis[]
  readonly all: () => readonly Redis[]
  /** Calls whenever a server was reached anew. */
  readonly onReached: (act: () => void) => void
  readonly close: () => void
}

/** Milliseconds for which a server may be silent while it owes an answer; then the connection is made anew. */
export const silence = 2000

/**
 * What every connection goes by. Nothing is sent again after a connection was lost: an insert that had won would be
 * told that it lost. Nothing waits for a connection either.
 */
const options = {
  scripts,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: silence,
  socketTimeout: silence,
  lazyConnect: true,
  disableClientInfo: true,
} as const satisfies RedisOptions

const pause = (times: number): number => Math.min(50 * times, 500)

/** The package, which is there only where somebody wants it. */
async function driver(): Promise<typeof import('ioredis')> {
  try {
    return await import('ioredis')
  } catch (cause) {
    throw new Error('a store in Redis needs the package ioredis: npm install ioredis', { cause })
  }
}

/** Connects to a place. @throws Error that says why nothing answers there. */
export async function connected(place: Place): Promise<Nodes> {
  const { Redis, Cluster } = await driver()
  const login = {
    ...(place.username !== undefined && { username: place.username }),
    ...(place.password !== undefined && { password: place.password }),
    ...(place.tls && { tls: {} }),
  }
  if (place.kind === 'cluster') {
    const { enableOfflineQueue: _, ...each } = options
    return cluster(
      new Cluster([...place.hosts], {
        lazyConnect: true,
        // Only what was refused, and so not done, is sent again.
        retryDelayOnFailover: 0,
        slotsRefreshTimeout: silence,
        clusterRetryStrategy: pause,
        redisOptions: { ...each, ...login },
      }),
    )
  }
  const [first] = place.hosts
  const target =
    place.kind === 'sentinel'
      ? {
          sentinels: [...place.hosts],
          name: place.name,
          sentinelRetryStrategy: pause,
          sentinelCommandTimeout: silence,
          ...(place.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
        }
      : { ...first }
  return single(
    new Redis({
      ...options,
      ...target,
      ...login,
      db: place.db,
      retryStrategy: pause,
      // A master that became a replica refuses writes, and another one takes them.
      reconnectOnError: ({ message }) => /\bREADONLY\b/.test(message),
    }),
  )
}

async function single(redis: Redis): Promise<Nodes> {
  let last: unknown
  redis.on('error', (error: unknown) => {
    last = error
  })
  await answering(
    () => redis.connect(),
    redis,
    () => last,
  )
  const ready = (): readonly Redis[] => (redis.status === 'ready' ? [redis] : [])
  return {
    one: true,
    at: () => (redis.status === 'ready' ? redis : undefined),
    redirected: () => undefined,
    masters: ready,
    all: ready,
    onReached: (act) => void redis.on('ready', act),
    close: () => redis.disconnect(),
  }
}

/** Milliseconds between two looks at who has which slots. */
const lookAfter = 200

async function cluster(cluster: Cluster): Promise<Nodes> {
  let last: unknown
  const nodes = new Map<string, Redis>()
  const placeOf = ({ options }: Redis): string => `${options.host}:${options.port}`
  for (const name of ['error', 'node error'])
    cluster.on(name, (error: unknown) => {
      last = error
    })
  cluster.on('+node', (node: Redis) => nodes.set(placeOf(node), node))
  cluster.on('-node', (node: Redis) => {
    if (nodes.get(placeOf(node)) === node) nodes.delete(placeOf(node))
  })
  let looked = 0
  const look = (): void => {
    if (monotonic() - looked < lookAfter) return
    looked = monotonic()
    cluster.refreshSlotsCache()
  }
  await answering(
    () => cluster.connect(),
    cluster,
    () => last,
  )
  return {
    one: false,
    at(key) {
      const place = cluster.slots[slotOf(key)]?.[0]
      const node = place === undefined ? undefined : nodes.get(place)
      if (node === undefined || node.status === 'end') look()
      return node
    },
    redirected(error) {
      const [, way, place = ''] = /^(MOVED|ASK) \d+ (\S+)/.exec(reasonOf(error)) ?? []
      if (way === 'MOVED') look()
      const node = nodes.get(place)
      return way === undefined || node === undefined ? undefined : { node, asking: way === 'ASK' }
    },
    masters: () => cluster.nodes('master'),
    all: () => cluster.nodes('all'),
    onReached: (act) => void cluster.on('+node', act),
    close: () => cluster.disconnect(),
  }
}

/** Milliseconds a start waits for an answer. */
const patience = 5000

async function answering(
  connect: () => Promise<unknown>,
  client: Pick<Redis, 'disconnect'>,
  last: () => unknown,
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no answer')), patience)
  try {
    await Promise.race([connect(), promise])
  } catch (cause) {
    client.disconnect()
    throw new Error(`no Redis answers there: ${reasonOf(last() ?? cause)}`, { cause })
  } finally {
    clearTimeout(timer)
  }
}
