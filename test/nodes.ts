import { random } from '../src/base/random.ts'
import { endpoints } from '../src/endpoint/index.ts'
import { router } from '../src/endpoint/serve/route.ts'
import type { HandleKey } from '../src/realm/realm.ts'
import { realms } from '../src/realm/realms.ts'
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
