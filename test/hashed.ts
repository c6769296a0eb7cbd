/** What fixtures have hashed of passwords and secrets: once for many tests, as each hash takes its time. */
import { argon2Hash, type HashCost } from '../src/base/argon2.ts'
import { random } from '../src/base/random.ts'
import type { Realm } from '../src/realm/realm.ts'
import { first, insertEndUser, isTaken } from '../src/user/account/account.ts'
import { type EndUser, type NewEndUser, newUuid } from '../src/user/end-user.ts'

/** So many fixtures in a row have other hashes, each: one of them shows nothing of another one's by having its own. */
const apart = 8

const made = new Map<string, Promise<string>>()
let fixtures = 0

/** The hash of a text that belongs to somebody. */
export type Hashed = (whose: string, text: string) => Promise<string>

/**
 * Hashes for one fixture more: others than those of the fixtures before it, and for each of whom they are.
 * `cost`: absent is the usual one.
 */
export function hashed(cost?: HashCost): Hashed {
  fixtures += 1
  const turn = fixtures % apart
  return (whose, text) => {
    const name = JSON.stringify([turn, whose, text, cost])
    const hash = made.get(name) ?? argon2Hash(text, random(16), cost)
    made.set(name, hash)
    return hash
  }
}

/** An account that is made as `createEndUser` makes it, with such a hash; undefined when its name is taken. */
export async function withHashed(
  hash: Hashed,
  realm: Realm,
  { username, password, attributes = {}, roles = [] }: NewEndUser,
): Promise<EndUser | undefined> {
  if (await isTaken(realm, username)) return undefined
  const known = await hash(`user ${username} of ${realm.path}`, password)
  const account = {
    sub: newUuid(realm.random),
    username,
    status: 'Active',
    password: known,
  } as const
  const user: EndUser = { ...account, attributes, roles, ...first }
  return (await insertEndUser(realm, user)) === 'won' ? user : undefined
}
