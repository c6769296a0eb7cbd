/**
 * user: accounts, how their passwords are checked, and what of their attributes a token may say. Knows
 * nothing of sessions, clients or grants.
 */

import { argon2Hash } from '../base/argon2.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { memo } from '../base/memo.ts'
import type { Random } from '../base/random.ts'
import type { Ready } from '../base/ready.ts'
import type { Realm } from '../realm/realm.ts'
import type { CachedRead } from '../store/cached.ts'
import { cachedReads } from '../store/cached.ts'
import type { Store } from '../store/store.ts'
import { lost, untilSaved } from '../store/update.ts'
import {
  deleteEndUser,
  first,
  insertEndUser,
  isTaken,
  parseUser,
  readEndUser,
  replaceEndUser,
} from './account/account.ts'
import { isSub, userKey } from './account/key.ts'
import type { Ending } from './counters.ts'
import { afterChange } from './counters.ts'
import { isFitName, usernameKeys } from './username.ts'

/** The role that makes an account an administrator of its realm and those below it; of the root: of everything. */
export const administratorRole = 'admin'

/** An account of a realm (OIDC Core §1.2). */
export interface EndUser {
  /** A UUID, never used twice, never changed. */
  readonly sub: string
  readonly username: string
  readonly status: 'Active' | 'Inactive'
  /** Hash of one of `hash/index.ts`; empty when the account has no password. */
  readonly password: string
  /** By the names of standard claims (OIDC Core §5.1); of several values a list (`attribute.ts`). */
  readonly attributes: Readonly<Record<string, Json>>
  /** `admin`: an administrator of the realm and those below it, in the root realm of everything. */
  readonly roles: readonly string[]
  /** The groups it is in: their ids, by their names. An id that is no longer the group's is none. */
  readonly groups: Readonly<Record<string, string>>
  /** How often its sessions were ended, alone or with all else that hangs on the account (`epoch.ts`). */
  readonly epoch: number
  /** Where the counter of its grants and consents stands. Stored only where it is behind `epoch`. */
  readonly grantEpoch: number
  /** What they prove themselves by beside a password, by its kind (`factor/device.ts`); no token tells it. Absent: nothing. */
  readonly devices?: Readonly<Record<string, readonly JsonObject[]>>
  /** By client_id: how often the user took back what that application may do. */
  readonly withdrawn: Readonly<Record<string, number>>
  /** Seconds: since when its id is this account's, where it was given one that another may have had; absent: from the start. */
  readonly since?: number
  /** What journeys note of it (`notes.ts`); absent: nothing. */
  readonly notes?: JsonObject
}

/** What an account begins with; the password in clear. */
export interface NewEndUser {
  readonly username: string
  readonly password: string
  readonly attributes?: EndUser['attributes']
  readonly roles?: EndUser['roles']
}

/** What of a realm says whose users are meant, and where they are kept. */
export type Population = Pick<Realm, 'path' | 'settings'>

interface Reads {
  readonly user: CachedRead<EndUser>
  readonly sub: CachedRead<string>
}

/** The account with that `sub`, whatever its status. Answers at once when it is known and unchanged. */
export function findEndUser(realm: Population, sub: string): Ready<EndUser | undefined> {
  return isSub(sub) ? readsOf(realm.settings).user(userKey(realm, sub)) : undefined
}

/** The account of that user name, whatever its status. Case does not count (PingAM's directory). */
export async function findByUsername(
  realm: Population,
  username: string,
): Promise<EndUser | undefined> {
  for (const key of usernameKeys(realm, username)) {
    const sub = await readsOf(realm.settings).sub(key)
    if (sub !== undefined) return findEndUser(realm, sub)
  }
  return undefined
}

/** Makes an active account; undefined when the name is taken or cannot be one. */
export async function createEndUser(
  realm: Population & Pick<Realm, 'random' | 'hashCost'>,
  fresh: NewEndUser,
): Promise<EndUser | undefined> {
  if (!isFitName(fresh.username) || (await isTaken(realm, fresh.username))) return undefined
  const { username, attributes = {}, roles = [] } = fresh
  const password = await argon2Hash(fresh.password, realm.random(16), realm.hashCost)
  const sub = newUuid(realm.random)
  const account = { sub, username, status: 'Active', password, attributes, roles } as const
  const user: EndUser = { ...account, ...first }
  return (await insertEndUser(realm, user)) === 'won' ? user : undefined
}

/** What of an account others may set; its counters only ever rise. */
export type UserChange = Partial<Pick<EndUser, 'status' | 'password' | 'attributes' | 'roles'>>

/**
 * Changes an account, and ends what the change does (`afterChange`); false when there is none. Changes
 * made elsewhere meanwhile are kept.
 */
export function changeEndUser(
  realm: Population & Ending,
  sub: string,
  change: UserChange,
): Promise<boolean> {
  return updateEndUser(realm, sub, (user) => afterChange(realm, user, { ...user, ...change }))
}

/** An account by its id, however it stands; or as it was read: once all that hung on it was ended it is another one. */
export type Whose = string | Pick<EndUser, 'sub' | 'epoch'>

/** Writes what `next` makes of an account as it stands; false when there is none, or `next` makes nothing. */
export function updateEndUser(
  realm: Population,
  whose: Whose,
  next: (user: EndUser) => EndUser | undefined,
): Promise<boolean> {
  const { sub, epoch } = typeof whose === 'string' ? { sub: whose } : whose
  return untilSaved('what is noted of an account', userKey(realm, sub), async () => {
    const stored = await readEndUser(realm, sub)
    const isAsRead = epoch === undefined || epoch === stored?.user.epoch
    const after = stored && isAsRead ? next(stored.user) : undefined
    if (stored === undefined || after === undefined) return false
    return (await replaceEndUser(realm, stored, after)) === 'won' ? true : lost
  })
}

/** Removes an account, however it stands; its name is free again. Sessions and grants of it end at their next use. */
export async function removeEndUser(
  realm: Population,
  { sub }: Pick<EndUser, 'sub'>,
): Promise<void> {
  await untilSaved('an account that goes', userKey(realm, sub), async () => {
    const stored = await readEndUser(realm, sub)
    return stored === undefined || (await deleteEndUser(realm, stored)) ? undefined : lost
  })
}

/** RFC 9562 §5.4: 122 random bits. */
export function newUuid(random: Random): string {
  const raw = random(16)
  raw[6] = ((raw[6] as number) & 0x0f) | 0x40
  raw[8] = ((raw[8] as number) & 0x3f) | 0x80
  return raw.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const readsOf = memo(
  (settings: Store): Reads => ({
    user: cachedReads(settings, { keyOf: itself, parse: parseUser, limit: 10_000 }),
    sub: cachedReads(settings, {
      keyOf: itself,
      parse: (value) => value.toString(),
      limit: 10_000,
    }),
  }),
)

const itself = (key: string): string => key
