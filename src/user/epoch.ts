/**
 * Ending all that hangs on a user, or on a user and an application, is one write that raises a counter
 * in the account; nothing is walked. What was begun before carries the lower number and is refused at
 * its next use, where the account is read anyway.
 */
import type { EndUser, Population } from './end-user.ts'
import { updateEndUser } from './end-user.ts'

/**
 * The number that grants and saved consents of a user for a client carry: both counters in one, since
 * neither ever falls. It is still this one exactly as long as neither was raised.
 */
export function epochFor(user: Pick<EndUser, 'epoch' | 'withdrawn'>, client_id: string): number {
  return user.epoch + withdrawals(user, client_id)
}

/** What of that number is the application's. */
export function withdrawals({ withdrawn }: Pick<EndUser, 'withdrawn'>, client_id: string): number {
  return Object.hasOwn(withdrawn, client_id) ? (withdrawn[client_id] as number) : 0
}

/** Ends every session, grant and saved consent of a user; false when there is no such account. */
export function endAllOf(realm: Population, sub: string): Promise<boolean> {
  return updateEndUser(realm, sub, (user) => ({ ...user, epoch: user.epoch + 1 }))
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
  return updateEndUser(realm, sub, (user) => {
    const counted: [string, number] = [client_id, withdrawals(user, client_id) + 1]
    return {
      ...user,
      withdrawn: Object.fromEntries([...Object.entries(user.withdrawn), counted]),
    }
  })
}
