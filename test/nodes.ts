import { random } from '../src/base/random.ts'
import { endpoints } from '../src/endpoint/index.ts'
import { router } from '../src/endpoint/serve/route.ts'
import type { HandleKey } from '../src/realm/realm.ts'
import { realms } from '../src/realm/realms.ts'
import type { Store } from '../src/store/store.ts'
import type { World } from './world.ts'

/** Another process over the same shelves, with nothing in its memory: a second node, or a restart. */
export async function anotherNode(
  { settings, records, clock, realm }: World,
  keys?: readonly HandleKey[],
): Promise<World['serve']> {
  const handleKeys = keys ?? (await realm()).handleKeys
  const now = (): number => clock.now
  const route = router(
    endpoints,
    realms({ settings, records, handleKeys, now, timeOfDay: now, random, fetch }),
  )
  return async (http) => route(http)
}

/** One of several processes over the same shelves: it has counters of its own, and clocks as `ahead` says. */
export interface Process {
  readonly serve: World['serve']
  /** The shelf as this process knows it. */
  readonly records: Store
}

/** Another process, as far as what is counted in memory is concerned. `records` puts something before the shelf. */
export async function anotherProcess(
  world: World,
  {
    ahead = 0,
    records = (store) => store,
  }: { ahead?: number; records?: (store: Store) => Store } = {},
): Promise<Process> {
  const { clock, realm } = world
  const own = records({ ...world.records })
  const now = (): number => clock.now + ahead
  const { handleKeys } = await realm()
  const shelves = { settings: { ...world.settings }, records: own }
  const all = realms({ ...shelves, handleKeys, now, timeOfDay: now, random, fetch })
  const route = router(endpoints, all)
  return { serve: async (http) => route(http), records: own }
}
