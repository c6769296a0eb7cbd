import type { Redis } from 'ioredis'
import type { Backend, OneShelf, ShelfName, Shelves, StoresOptions } from '../backend.ts'
import { sharedKeys } from '../key.ts'
import { layoutOf } from './layout.ts'
import { connected, type Nodes } from './nodes.ts'
import { alsoSchemes, placeOf } from './place.ts'
import { type RedisShelf, redisStore } from './redis.ts'
import { keepSafe, requireSafe } from './safety.ts'

/** Redis: one server, one that Sentinels watch, or a Redis Cluster. */
export const redis: Backend = {
  scheme: 'redis',
  alsoSchemes,
  url: 'redis://<host>[:<port>]',
  about: 'Redis 6.2 or later, Sentinel and Cluster too (`redis+sentinel:`, `redis+cluster:`)',
  durable: ['disk', 'replica'],
  shared: true,
  check: (rest) => void placeOf(rest),
  failsOver: (rest) => /^redis\w*\+/.test(rest),
  isThere,
  open,
  openOne,
}

async function isThere(rest: string, shelf: ShelfName = 'settings'): Promise<boolean> {
  const place = placeOf(rest)
  const nodes = await connected(place)
  try {
    const { trace, pattern } = layoutOf(place, shelf)
    if ((await nodes.at(trace)?.exists(trace)) === 1) return true
    for (const node of nodes.masters()) if (await hasAny(node, pattern)) return true
    return false
  } finally {
    nodes.close()
  }
}

/** Looks through all its keys, if need be. */
async function hasAny(node: Redis, pattern: string): Promise<boolean> {
  let cursor = '0'
  do {
    const [next, found] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', 1000)
    if (found.length > 0) return true
    cursor = next
  } while (cursor !== '0')
  return false
}

async function open(rest: string, options: StoresOptions): Promise<Shelves> {
  const { shelves, keys } = await opened(rest, ['settings', 'records'], options)
  const [settings, records] = shelves
  if (settings === undefined || records === undefined) throw new Error('a store has two shelves')
  return { settings, records, keys, accepted: 0 }
}

async function openOne(rest: string, name: ShelfName, options: StoresOptions): Promise<OneShelf> {
  const { shelves, keys } = await opened(rest, [name], options)
  const [shelf] = shelves
  if (shelf === undefined) throw new Error('there is no such shelf')
  return { shelf, keys, accepted: 0 }
}

/** Shelves of one place, which share its connections. */
async function opened(
  rest: string,
  names: readonly ShelfName[],
  options: StoresOptions,
): Promise<Pick<Shelves, 'keys'> & { readonly shelves: readonly RedisShelf[] }> {
  const { durability, keyText, now, sweepable = now, random } = options
  if (keyText === undefined) sharedKeys(keyText)
  const place = placeOf(rest)
  const nodes = await connected(place)
  try {
    await requireSafe(nodes, durability)
  } catch (error) {
    nodes.close()
    throw error
  }
  const replicated = durability === 'replica'
  const shelves = names.map((shelf) =>
    redisStore({ nodes, place, shelf, replicated, now, sweepable, random }),
  )
  const stop = keepSafe(nodes, durability, (reason) => {
    for (const shelf of shelves) shelf.refuse(reason)
  })
  return { shelves: closingTogether(shelves, nodes, stop), keys: () => sharedKeys(keyText) }
}

/** The connections end with the last of the shelves. */
function closingTogether(
  shelves: readonly RedisShelf[],
  nodes: Nodes,
  stop: () => void,
): readonly RedisShelf[] {
  let left = shelves.length
  return shelves.map((shelf) => {
    let closed = false
    return {
      ...shelf,
      async close() {
        if (closed) return
        closed = true
        await shelf.close()
        left -= 1
        if (left > 0) return
        stop()
        nodes.close()
      },
    }
  })
}
