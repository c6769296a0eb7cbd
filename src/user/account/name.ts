/** Names of accounts as they are stored: each under a key that holds the `sub` of whose it is. */
import { never } from '../../store/store.ts'
import { removeAsRead } from '../../store/update.ts'
import type { Population } from '../end-user.ts'
import { usernameKeys } from '../username.ts'
import { userKey } from './key.ts'

export async function holderOf({ settings }: Population, key: string): Promise<string | undefined> {
  return (await settings.get(key))?.value.toString()
}

/** Who has that name in one of its spellings; an account that has gone may be among them. */
export async function holdersOf(realm: Population, username: string): Promise<readonly string[]> {
  const found = await Promise.all(usernameKeys(realm, username).map((key) => holderOf(realm, key)))
  return found.filter((sub) => sub !== undefined)
}

/**
 * Takes a name for an account, unless another one has it. One that has gone has none: its record goes first, and the
 * process may have ended before the name went.
 */
export async function takeName(
  { settings, path }: Population,
  key: string,
  sub: string,
): Promise<boolean> {
  const value = Buffer.from(sub)
  if ((await settings.insert(key, value, never)) === 'won') return true
  const held = await settings.get(key)
  if (held === undefined) return (await settings.insert(key, value, never)) === 'won'
  const holder = held.value.toString()
  if (holder === sub) return true
  if ((await settings.get(userKey({ settings, path }, holder))) !== undefined) return false
  return (await settings.replace(key, held.version, value, never)) === 'won'
}

/** Frees a name, whichever spelling it is kept under, if it is the account's; but for one that it has now. */
export async function forgetNames(
  realm: Population,
  username: string,
  sub: string,
  now?: string,
): Promise<void> {
  for (const key of usernameKeys(realm, username))
    if (key !== now) await forgetName(realm, key, sub)
}

export async function forgetName(
  { settings }: Population,
  key: string,
  sub: string,
): Promise<void> {
  const held = await settings.get(key)
  if (held?.value.toString() === sub) await removeAsRead(settings, key, held)
}
