import type { Redis, RedisOptions } from 'ioredis'
import { clusterNodes } from './cluster.ts'
import { answering, connectionOptions, loginTo, pauseAfter, silence } from './connection.ts'
import type { Place } from './place.ts'

/** The servers of a place, and who has which key. */
export interface Nodes {
  /** Whether all keys are at one server. */
  readonly one: boolean
  /** Who has a key now; undefined while nobody is known that answers. */
  readonly at: (key: string) => Redis | undefined
  /** Sends a command that is laid out already. */
  readonly send: (node: Redis, name: string, bytes: Buffer | string) => Promise<unknown>
  /** Whom an error names that says where a key is instead, and whether that one has to be told so. */
  readonly redirected: (error: unknown) => Redirection | undefined
  /** Ends a connection that is behind, with all that waits there, and makes it anew. */
  readonly drop: (node: Redis) => void
  readonly masters: () => readonly Redis[]
  readonly all: () => readonly Redis[]
  /** Calls whenever a server was reached anew. */
  readonly onReached: (act: () => void) => void
  /** How often a server was connected to: counted before anything is answered by it. */
  readonly reached: () => number
  readonly close: () => void
}

/** All but how something is sent there. */
export type Servers = Omit<Nodes, 'send'>

/** Where a key is instead. */
export interface Redirection {
  readonly node: Redis
  /** It is on its way there. */
  readonly asking: boolean
}

type Driver = Pick<typeof import('ioredis'), 'Redis' | 'Cluster' | 'Command'>

/** The package, which is there only where somebody wants it. */
async function driver(): Promise<Driver> {
  try {
    return await import('ioredis')
  } catch (cause) {
    throw new Error('a store in Redis needs the package ioredis: npm install ioredis', { cause })
  }
}

/** Connects to a place. @throws Error that says why nothing answers there. */
export async function connected(place: Place): Promise<Nodes> {
  const { Redis, Cluster, Command } = await driver()
  const servers =
    place.kind === 'cluster'
      ? await clusterNodes(Cluster, place)
      : await singleNode((options) => new Redis(options), place)
  return {
    ...servers,
    send(node, name, bytes) {
      const command = new Command(name)
      command.toWritable = () => bytes
      return node.sendCommand(command) as Promise<unknown>
    },
  }
}

/** What a connection is made of; how replies look is left as it is. */
type Options = Omit<RedisOptions, 'replyMapping'>

/** One server that has all keys, be it named itself or by Sentinels. */
async function singleNode(make: (options: Options) => Redis, place: Place): Promise<Servers> {
  const redis = make({
    ...connectionOptions,
    ...(place.kind === 'sentinel' ? sentinelsOf(place) : place.hosts[0]),
    ...loginTo(place),
    db: place.db,
    retryStrategy: pauseAfter,
  })
  let last: unknown
  let reached = 0
  redis.on('ready', () => {
    reached += 1
  })
  redis.on('error', (error: unknown) => {
    last = error
  })
  await answering(redis, () => last)
  const ready = (): readonly Redis[] => (redis.status === 'ready' ? [redis] : [])
  return {
    one: true,
    at: () => (redis.status === 'ready' ? redis : undefined),
    redirected: () => undefined,
    drop: () => {
      if (redis.status === 'ready') redis.disconnect(true)
    },
    masters: ready,
    all: ready,
    onReached: (act) => void redis.on('ready', act),
    reached: () => reached,
    close: () => redis.disconnect(),
  }
}

function sentinelsOf({ hosts, name, tls }: Place): Options {
  return {
    sentinels: [...hosts],
    name,
    sentinelRetryStrategy: pauseAfter,
    sentinelCommandTimeout: silence,
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  }
}
