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
