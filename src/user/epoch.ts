/**
 * Ending all that hangs on a user, or on a user and an application, is one write that raises a counter
 * in the account; nothing is walked. What was begun before carries the lower number and is refused at
 * its next use, where the account is read anyway.
 */
import { withAllEnded, withApplicationEnded, withSessionsEnded } from './counters.ts'
import type { Population } from './end-user.ts'
import { updateEndUser } from './end-user.ts'

/** Ends every session, grant and saved consent of a user; false when there is no such account. */
export function endAllOf(realm: Population, sub: string): Promise<boolean> {
  return updateEndUser(realm, sub, withAllEnded)
}

/** Ends every session of a user, and nothing else; false when there is no such account. */
export function endSessionsOf(realm: Population, sub: string): Promise<boolean> {
  return updateEndUser(realm, sub, withSessionsEnded)
}

/**
 * The user takes back what an application may do: its grants and its saved consent end, the user's
 * sessions and other applications go on. False when there is no such account.
 */
export function withdrawApplication(
  realm: Population,
  sub: string,
  client_id: string,
): Promise<boolean> {
  return updateEndUser(realm, sub, (user) => withApplicationEnded(user, client_id))
}
