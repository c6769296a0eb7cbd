import { memo } from '../base/memo.ts'
import type { SingleFlight } from '../base/single-flight.ts'
import { singleFlight } from '../base/single-flight.ts'
import { keysIn } from '../store/keys-in.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { readEndUser, userFolder } from './account.ts'
import { insertKeys, newKeys, wholeKey } from './account-index.ts'
import type { Population } from './end-user.ts'

const oneWalk = memo<Store, SingleFlight<void>>(() => singleFlight())

/**
 * Sees to it that every account of a realm is found by the index: once in the life of a realm that may
 * have accounts from before there was one, which are walked then, a mark says that it is so.
 */
export async function completeIndex(realm: Population): Promise<void> {
  const { settings } = realm
  const mark = wholeKey(realm)
  if ((await settings.get(mark)) !== undefined) return
  await oneWalk(settings)(mark, 0, async () => {
    const folder = userFolder(realm)
    for await (const key of keysIn(settings, folder)) {
      const stored = await readEndUser(realm, key.slice(folder.length + 1))
      if (stored !== undefined) await insertKeys(realm, newKeys(realm, stored.user, undefined))
    }
    await settings.insert(mark, Buffer.alloc(0), never)
  })
}
