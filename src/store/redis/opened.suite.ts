/* Shelves of a real Redis for tests: each test has keys of its own in one that all of a file share. */
import type { TestContext } from 'node:test'
import { random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import type { Durability, ShelfName } from '../backend.ts'
import type { OpenStore } from '../store.suite.ts'
import { connected, type Nodes } from './nodes.ts'
import { placeOf } from './place.ts'
import { type RedisShelf, redisStore } from './redis.ts'

let prefixes = 0

/** A prefix that no other test has. */
function ownPrefix(): string {
  prefixes += 1
  return `test-${prefixes}`
}

/** What a test opens. */
export interface Wanted {
  readonly url: string
  readonly prefix: string
  readonly shelf: ShelfName
  readonly now: Clock
  readonly sweepable?: Clock
  readonly durability?: Durability
}

/** A shelf and its connections, which end with the test. */
export async function openShelf(
  t: Pick<TestContext, 'after'>,
  { url, prefix, shelf, now, sweepable = now, durability }: Wanted,
): Promise<RedisShelf & { readonly nodes: Nodes }> {
  const place = placeOf(`${url}?prefix=${prefix}`)
  const nodes = await connected(place)
  const replicated = durability === 'replica'
  const store = redisStore({ nodes, place, shelf, replicated, now, sweepable, random })
  t.after(async () => {
    await store.close()
    nodes.close()
  })
  return { ...store, nodes }
}

/** Opens a shelf for the suite of the contract. */
export function openerOf(shelf: ShelfName, url: () => string): OpenStore {
  return (now, t, sweepable) =>
    openShelf(t, { url: url(), prefix: ownPrefix(), shelf, now, sweepable })
}
