import { memo } from '../base/memo.ts'
import type { SingleFlight } from '../base/single-flight.ts'
import { singleFlight } from '../base/single-flight.ts'
import { keysIn } from '../store/keys-in.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { readEndUser } from './account/account.ts'
import { insertKeys, newKeys, wholeKey } from './account/account-index.ts'
import { userFolder } from './account/key.ts'
import type { Population } from './end-user.ts'

interface Known {
  /** Realms whose accounts are all in the index. That stays so: each is put there when it is made. */
  readonly whole: Set<string>
  readonly oneWalk: SingleFlight<void>
}

const knownOf = memo<Store, Known>(() => ({ whole: new Set(), oneWalk: singleFlight() }))

/**
 * Sees to it that every account of a realm is found by the index. Those from before there was one are
 * walked, once in the life of a realm; a mark says that it is so.
 */
export async function completeIndex(realm: Population): Promise<void> {
  const { whole, oneWalk } = knownOf(realm.settings)
  const mark = wholeKey(realm)
  if (whole.has(mark)) return
  if ((await realm.settings.get(mark)) === undefined)
    await oneWalk(mark, 0, () => walkAll(realm, mark))
  whole.add(mark)
}

async function walkAll(realm: Population, mark: string): Promise<void> {
  const folder = userFolder(realm)
  for await (const key of keysIn(realm.settings, folder)) {
    const stored = await readEndUser(realm, key.slice(folder.length + 1))
    if (stored !== undefined) await insertKeys(realm, newKeys(realm, stored.user, undefined))
  }
  await realm.settings.insert(mark, Buffer.alloc(0), never)
}
