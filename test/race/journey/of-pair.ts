/** Journeys at two server processes, whose store is looked at beside them. */
import { join } from 'node:path'
import { now } from '../../../src/base/time.ts'
import type { Shelves, StoresOptions } from '../../../src/store/backend.ts'
import { openStores, rawShelves } from '../../../src/store/index.ts'
import type { Administer } from '../../party.ts'
import { linkIn } from '../../sdk/away.ts'
import { type Pair, race } from '../pair.ts'
import { journeysAreSwept, journeysHold } from './journeys.ts'

export async function journeysOf(
  pair: Pair,
  administer: Administer,
  options: StoresOptions,
): Promise<void> {
  const stores = await openStores(options)
  const held = journeysHold({
    ...{ a: pair.a, b: pair.b, race: (run) => race(pair, run) },
    put: (path, document) => administer('PUT', path, document),
    link: () => linkIn(join(pair.data, 'outbox')),
    settings: (read) => read(stores.settings),
  })
  await Promise.allSettled([held])
  await stores.close()
  await held
}

export async function sweptLater(options: StoresOptions): Promise<void> {
  const all = [now, () => now() + 3600].map((clock) => rawShelves({ ...options, now: clock }))
  const [today, later] = (await Promise.all(all)) as [Shelves, Shelves]
  const swept = journeysAreSwept(today.records, now(), later.records)
  await Promise.allSettled([swept])
  const shelves = [today, later].flatMap(({ settings, records }) => [settings, records])
  await Promise.all(shelves.map((each) => each.close()))
  await swept
}
