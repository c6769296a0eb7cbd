import type { Cluster, Redis } from 'ioredis'
import { reasonOf } from '../../base/log.ts'
import { monotonic } from '../../base/time.ts'
import { answering, connectionOptions, loginTo, pauseAfter, silence } from './connection.ts'
import { slotOf } from './layout.ts'
import type { Nodes, Servers } from './nodes.ts'
import type { Place } from './place.ts'

/** Milliseconds between two looks at who has which slots. */
const lookAfter = 200

/**
 * A Redis Cluster. The driver keeps the connections and knows the slots; commands go to the node of their key
 * directly, so that what leaves together leaves as one piece and nothing is sent twice but what was refused.
 */
export async function clusterNodes(
  Clustered: new (...args: ConstructorParameters<typeof Cluster>) => Cluster,
  place: Place,
): Promise<Servers> {
  const { enableOfflineQueue: _, ...each } = connectionOptions
  const cluster = new Clustered([...place.hosts], {
    lazyConnect: true,
    retryDelayOnFailover: 0,
    slotsRefreshTimeout: silence,
    clusterRetryStrategy: pauseAfter,
    redisOptions: { ...each, ...loginTo(place) },
  })
  let last: unknown
  cluster.on('error', () => undefined)
  cluster.on('node error', (error: unknown) => {
    last = error
  })
  const nodes = knownTo(cluster)
  const reached = reachedIn(cluster)
  const look = lookingAnew(cluster)
  await answering(cluster, () => last)
  return {
    one: false,
    at(key) {
      const node = nodes.get(cluster.slots[slotOf(key)]?.[0] ?? '')
      if (node === undefined) look()
      return node
    },
    redirected: redirection(nodes, look),
    drop(node) {
      node.disconnect()
      look()
    },
    masters: () => cluster.nodes('master'),
    all: () => cluster.nodes('all'),
    onReached: (act) => void cluster.on('+node', act),
    reached,
    close: () => cluster.disconnect(),
  }
}

/** Counts how often one of its nodes was connected to. */
function reachedIn(cluster: Cluster): () => number {
  let reached = 0
  cluster.on('+node', (node: Redis) => {
    node.on('ready', () => {
      reached += 1
    })
  })
  return () => reached
}

/** Its nodes by their addresses, as long as they are connected. */
function knownTo(cluster: Cluster): ReadonlyMap<string, Redis> {
  const nodes = new Map<string, Redis>()
  const addressOf = ({ options }: Redis): string => `${options.host}:${options.port}`
  cluster.on('+node', (node: Redis) => nodes.set(addressOf(node), node))
  cluster.on('-node', (node: Redis) => {
    if (nodes.get(addressOf(node)) === node) nodes.delete(addressOf(node))
  })
  return nodes
}

/** Reads what a node says of a key that it does not have, or not any more. */
function redirection(nodes: ReadonlyMap<string, Redis>, look: () => void): Nodes['redirected'] {
  return (error) => {
    const [, way, at = ''] = /^(MOVED|ASK) \d+ (\S+)/.exec(reasonOf(error)) ?? []
    if (way === 'MOVED') look()
    const node = way === undefined ? undefined : nodes.get(at)
    return node === undefined ? undefined : { node, asking: way === 'ASK' }
  }
}

/** Asks who has which slots, not too often. */
function lookingAnew(cluster: Cluster): () => void {
  let looked = 0
  return () => {
    if (monotonic() - looked < lookAfter) return
    looked = monotonic()
    cluster.refreshSlotsCache()
  }
}
