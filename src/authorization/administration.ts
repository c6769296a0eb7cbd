import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import { isAdministrationScope } from '../protocol/administration-scope.ts'
import type { Realm } from '../realm/realm.ts'
import type { Session } from '../session/session.ts'
import { administratorRole, findEndUser } from '../user/end-user.ts'

/**
 * Whether a user has to say yes to it this time, whatever is implied or saved. A page may send an administrator's
 * browser here with a challenge of its own making, so that PKCE binds the code to whoever made that page; nothing but
 * the question stands between them and a token if they can read what comes to a registered address, such as a port of
 * the administrator's machine.
 */
export function isAlwaysAsked(scope: readonly string[]): boolean {
  return scope.some(isAdministrationScope)
}

/**
 * Whether a user may grant these scopes. Those of administration are granted by administrators of the root
 * realm alone, each for themselves; the role is asked for again at each use of the token (C-29).
 */
export function mayGrant(
  realm: Realm,
  { sub }: Pick<Session, 'sub'>,
  scope: readonly string[],
): Ready<boolean> {
  if (!scope.some(isAdministrationScope)) return true
  if (realm.path !== '/') return false
  return whenReady(findEndUser(realm, sub), (user) =>
    user === undefined ? false : user.roles.includes(administratorRole),
  )
}
