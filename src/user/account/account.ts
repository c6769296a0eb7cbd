/**
 * Accounts as they are stored: under their `sub`, with a key that holds their name, and those of
 * `account-index.ts`.
 */
import { never } from '../../store/store.ts'
import { removeAsRead } from '../../store/update.ts'
import { neverEnded } from '../counters.ts'
import type { EndUser, Population } from '../end-user.ts'
import { usernameKeys } from '../username.ts'
import type { AddressSeen } from './account-index.ts'
import { deleteKeys, insertKeys, newKeys, takeAddress } from './account-index.ts'
import { isSub, userKey } from './key.ts'
import { forgetName, forgetNames, holderOf, holdersOf, takeName } from './name.ts'

/** An account as it is stored. */
export interface StoredEndUser {
  readonly user: EndUser
  /** Another one whenever anything of it changed. */
  readonly version: number
}

/** The account as it stands in the store, for those who are about to show or change it. */
export async function readEndUser(
  realm: Population,
  sub: string,
): Promise<StoredEndUser | undefined> {
  const stored = isSub(sub) ? await realm.settings.get(userKey(realm, sub)) : undefined
  return stored && { user: parseUser(stored.value), version: stored.version }
}

/** What an account has from before these were written down. */
export const first = { groups: {}, ...neverEnded } as const

/** How the write of an account ended; `taken`: another one has the name; `late`: another one took the address since it was seen. */
export type Written = 'won' | 'lost' | 'taken' | 'late'

/**
 * Stores a new account, unless there is one of its `sub`. It is written before its name, so that a name
 * never leads nowhere; of two with one name the first wins, and of two with an address that both had `seen`.
 */
export async function insertEndUser(
  realm: Population,
  user: EndUser,
  seen?: AddressSeen,
): Promise<Written> {
  const { settings } = realm
  const keys = newKeys(realm, user, undefined)
  const key = userKey(realm, user.sub)
  // Both at once: until it has its name nobody looks for it.
  const [written] = await Promise.all([
    settings.insert(key, bytes(user), never),
    insertKeys(realm, keys),
  ])
  if (written !== 'won') return 'lost'
  const inTime = seen === undefined || (await takeAddress(realm, seen, user.sub))
  const name = usernameKeys(realm, user.username).at(-1)
  const free = inTime && name !== undefined
  if (free && (await takeName(realm, name, user.sub))) return 'won'
  await settings.delete(key)
  await deleteKeys(realm, keys)
  return inTime ? 'taken' : 'late'
}

/** Gives an account its name where the process ended between the two writes that made it. */
export async function completeEndUser(realm: Population, user: EndUser): Promise<void> {
  if ((await readByUsername(realm, user.username)) !== undefined) return
  const key = usernameKeys(realm, user.username).at(-1)
  if (key !== undefined) await takeName(realm, key, user.sub)
}

/** Removes an account as it was read, then frees its name; false when it had changed or gone meanwhile. */
export async function deleteEndUser(
  realm: Population,
  { user, version }: StoredEndUser,
): Promise<boolean> {
  if (!(await removeAsRead(realm.settings, userKey(realm, user.sub), { version }))) return false
  await forgetNames(realm, user.username, user.sub)
  await deleteKeys(realm, newKeys(realm, user, undefined))
  return true
}

/** Stores another state of an account, unless it changed meanwhile. Its name goes with it, if it is free. */
export async function replaceEndUser(
  realm: Population,
  { user: before, version }: StoredEndUser,
  after: EndUser,
): Promise<Written> {
  const { settings } = realm
  const name = await newName(realm, before, after)
  if (name === 'taken') return 'taken'
  const keys = newKeys(realm, after, before)
  await insertKeys(realm, keys)
  const key = userKey(realm, before.sub)
  if ((await settings.replace(key, version, bytes(after), never)) !== 'won') {
    if (name !== 'same' && name.mine) await giveBack(realm, name.key, before.sub)
    return 'lost'
  }
  // Another change may have taken them for its own old ones between the two writes.
  await insertKeys(realm, keys)
  await giveUpKeys(realm, before.sub, newKeys(realm, before, after))
  if (name === 'same') return 'won'
  // One that wanted the same name and lost may have given it back.
  await takeName(realm, name.key, before.sub)
  await leaveName(realm, before.username, after, name.key)
  return 'won'
}

/** Deletes what a change has no use for any more; another change may have, which then has it again. */
async function giveUpKeys(realm: Population, sub: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await deleteKeys(realm, keys)
  const now = await readEndUser(realm, sub)
  const held = now === undefined ? [] : newKeys(realm, now.user, undefined)
  await insertKeys(
    realm,
    held.filter((key) => keys.includes(key)),
  )
}

interface NewName {
  readonly key: string
  /** Taken by this change, and not by another one that would call the account so too. */
  readonly mine: boolean
}

/** A name that is new, held for the account from here on. */
async function newName(
  realm: Population,
  before: EndUser,
  after: EndUser,
): Promise<NewName | 'same' | 'taken'> {
  if (after.username === before.username) return 'same'
  const key = usernameKeys(realm, after.username).at(-1)
  if (key === undefined) return 'taken'
  if ((await holderOf(realm, key)) === before.sub)
    return usernameKeys(realm, before.username).includes(key) ? 'same' : { key, mine: false }
  if (await isTaken(realm, after.username, before.sub)) return 'taken'
  return (await takeName(realm, key, before.sub)) ? { key, mine: true } : 'taken'
}

/** Frees the name before. Where another change came between, the account has what it is called now, and nothing else. */
async function leaveName(realm: Population, old: string, after: EndUser, key: string) {
  const { sub, username } = after
  const now = async () => (await readEndUser(realm, sub))?.user ?? after
  if ((await now()).username === username) await forgetNames(realm, old, sub, key)
  const latest = await now()
  if (latest.username === username) return
  await completeEndUser(realm, latest)
  for (const each of [...usernameKeys(realm, old), key]) await giveBack(realm, each, sub)
}

/** Frees a name that a change took and had no use for; another change may have, which then has it again. */
async function giveBack(realm: Population, key: string, sub: string): Promise<void> {
  const named = (now: StoredEndUser | undefined): boolean =>
    now !== undefined && usernameKeys(realm, now.user.username).includes(key)
  if (named(await readEndUser(realm, sub))) return
  await forgetName(realm, key, sub)
  const now = await readEndUser(realm, sub)
  if (now !== undefined && named(now)) await completeEndUser(realm, now.user)
}

/** The account of that name, as it stands in the store. */
export async function readByUsername(
  realm: Population,
  username: string,
): Promise<StoredEndUser | undefined> {
  for (const sub of await holdersOf(realm, username)) {
    const stored = await readEndUser(realm, sub)
    if (stored !== undefined) return stored
  }
  return undefined
}

/** Whether that name is somebody's but the account's of that `own` id, or can be nobody's. */
export async function isTaken(realm: Population, username: string, own?: string): Promise<boolean> {
  if (usernameKeys(realm, username).length === 0) return true
  const holder = await readByUsername(realm, username)
  return holder !== undefined && holder.user.sub !== own
}

function bytes(user: EndUser): Buffer {
  const { epoch, grantEpoch, ...rest } = user
  const counters = grantEpoch === epoch ? { epoch } : { epoch, grantEpoch }
  return Buffer.from(JSON.stringify({ ...rest, ...counters }))
}

export function parseUser(value: Buffer): EndUser {
  const user = JSON.parse(value.toString()) as Omit<EndUser, keyof typeof first> & Partial<EndUser>
  // Written before there were counters: none was ever raised. Before there were two, both were one.
  const { epoch = first.epoch, grantEpoch = epoch } = user
  return { ...first, ...user, epoch, grantEpoch }
}
