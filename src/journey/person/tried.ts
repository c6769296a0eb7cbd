import type { Realm } from '../../realm/realm.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findByUsername, findEndUser } from '../../user/end-user.ts'
import { plainUsername } from '../../user/username.ts'
import type { Turn } from '../journey.ts'
import { NodeError } from '../journey.ts'
import { textIn } from '../state.ts'
import { isNamedSince } from './who.ts'

/** At whose account somebody tries: `name` in one spelling for all ways to write it where that is nobody's. */
export type Tried = { readonly user: EndUser } | { readonly user: undefined; readonly name: string }

/**
 * The name by which a password is tried: of whoever was found the one that the account has today, and none of anybody
 * where the account is gone; else as it was typed. Undefined where the state names nobody.
 */
export async function nameTriedIn({ realm, state }: Turn): Promise<string | undefined> {
  if (state.user === undefined || isNamedSince(state)) return textIn(state, 'username')
  return nameOf(realm, state.user.sub)
}

/** What an account is called today; its id, which is nobody's name, where it is gone. */
export async function nameOf(realm: Realm, sub: string): Promise<string> {
  return (await findEndUser(realm, sub))?.username ?? sub
}

/**
 * By the account, whatever it is called: a name that was typed since somebody was found, else who was found, however the
 * account stands now.
 *
 * @throws NodeError where the state names nobody.
 */
export async function triedIn({ realm, state }: Turn): Promise<Tried> {
  const username = textIn(state, 'username')
  const found = state.user !== undefined && !isNamedSince(state) ? state.user.sub : undefined
  if (found === undefined && username === undefined)
    throw new NodeError('username not present in state')
  const user =
    found === undefined
      ? await findByUsername(realm, username ?? '')
      : await findEndUser(realm, found)
  if (user !== undefined) return { user }
  return { user, name: found ?? plainUsername((username ?? '').slice(0, 256)) }
}
