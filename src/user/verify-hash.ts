import { argon2Hash } from '../base/argon2.ts'
import { HashBusy } from '../base/hashing/lanes.ts'
import { event } from '../base/log.ts'
import type { Lru } from '../base/lru.ts'
import { lru } from '../base/lru.ts'
import { memo } from '../base/memo.ts'
import type { Turn } from '../base/turns.ts'
import type { Realm } from '../realm/realm.ts'
import type { Store } from '../store/store.ts'
import type { EndUser } from './end-user.ts'
import { updateEndUser } from './end-user.ts'
import { isOurs, nobody } from './hash/argon2.ts'
import { hashKindOf } from './hash/index.ts'

/**
 * Whether the text is the one that was hashed, by whichever kind; false for what is no hash.
 *
 * @throws HashBusy when too many wait.
 */
export async function verifyHash(hash: string, text: string, turn?: Turn): Promise<boolean> {
  return (await hashKindOf(hash)?.verify(hash, text, turn)) ?? false
}

/** Costs of a realm that a wrong try pays beside Argon2id's, and no more of them. */
const mostCosts = 4

/** By realm: hashes of nothing, one for each cost that accounts of it were seen to have. */
const costsOf = memo<Store, Lru<readonly string[]>>(() => lru<readonly string[]>(1000))

/**
 * Verifies the password of an account, or of nobody. Accounts that came from elsewhere may have hashes that
 * take longer than one made here, or no time at all, and a name must not be told from one that is nobody's
 * by that (K-11): so a wrong try pays for a hash made here and for each other cost that was seen in the
 * realm, whoever it was meant for. What stays is that the first try at the first such account since a
 * server started is told from those before it.
 */
export async function isTheirPassword(
  realm: Realm,
  user: EndUser | undefined,
  text: string,
  turn: Turn,
): Promise<boolean> {
  const hash = user === undefined || user.password === '' || text === '' ? nobody : user.password
  note(realm, user?.password ?? '')
  if ((await verifyHash(hash, text, turn)) && user?.status === 'Active') {
    await upgrade(realm, user, text, turn)
    return true
  }
  const own = hashKindOf(hash)?.decoy(hash)
  const others = [...(costsOf(realm.settings).get(realm.path) ?? [])].filter((each) => each !== own)
  if (own !== undefined || !isOurs(hash)) others.push(nobody)
  for (const decoy of others) await verifyHash(decoy, text, turn)
  return false
}

/** Remembers what the hash of an account costs. */
function note({ settings, path }: Realm, hash: string): void {
  const decoy = hashKindOf(hash)?.decoy(hash)
  if (decoy === undefined) return
  const costs = costsOf(settings)
  const others = (costs.get(path) ?? []).filter((each) => each !== decoy)
  costs.set(path, [...others.slice(1 - mostCosts), decoy])
}

/**
 * Makes Argon2id of a hash of another kind, now that the password is there. Nothing ends by it, since it is
 * the same password. Whoever changed it meanwhile is right; where there is no room for it, the next login does it.
 */
async function upgrade(realm: Realm, user: EndUser, text: string, turn: Turn): Promise<void> {
  const { password: before, sub } = user
  const kind = hashKindOf(before)
  if (isOurs(before) || kind?.counts?.(text) === false) return
  try {
    const password = await argon2Hash(text, realm.random(16), realm.hashCost, turn)
    const done = await updateEndUser(realm, sub, (now) =>
      now.password === before ? { ...now, password } : undefined,
    )
    if (done) event('password.upgraded', { realm: realm.path, sub, from: kind?.name })
  } catch (error) {
    if (!(error instanceof HashBusy)) throw error
  }
}
