import type { OAuth2Provider } from '../realm/oauth2-provider.ts'
import type { EndUser } from './end-user.ts'

/** The counters of an account by which what hangs on it ends (`epoch.ts`). They only ever rise. */
export type Counters = Pick<EndUser, 'epoch' | 'grantEpoch' | 'withdrawn'>

export const neverEnded: Counters = { epoch: 0, grantEpoch: 0, withdrawn: {} }

/**
 * The number that grants and saved consents of a user for a client carry: two counters in one, since
 * neither ever falls. It is still this one exactly as long as neither was raised.
 */
export function epochFor(user: Counters, client_id: string): number {
  return user.grantEpoch + withdrawals(user, client_id)
}

function withdrawals({ withdrawn }: Counters, client_id: string): number {
  return Object.hasOwn(withdrawn, client_id) ? (withdrawn[client_id] as number) : 0
}

/** Every session ends; grants and consents go on. */
export function withSessionsEnded(user: EndUser): EndUser {
  return { ...user, epoch: user.epoch + 1 }
}

/** Every session, grant and consent ends. */
export function withAllEnded(user: EndUser): EndUser {
  const epoch = user.epoch + 1
  return { ...user, epoch, grantEpoch: epoch }
}

/**
 * The grants and the consent of one application end. The number grows past all that a server can have
 * given out that knows `epoch` alone and counts grants by it: of an account such a server and this one
 * may differ in what goes on, never in what is over.
 */
export function withApplicationEnded(user: EndUser, client_id: string): EndUser {
  const next = withdrawals(user, client_id) + 1 + user.epoch - user.grantEpoch
  const withdrawn = Object.fromEntries([...Object.entries(user.withdrawn), [client_id, next]])
  return { ...user, withdrawn }
}

/** What of a realm says how much another password ends. */
export interface Ending {
  readonly provider: Pick<OAuth2Provider, 'passwordChangeEndsGrants'>
}

/**
 * What a change of an account ends. With another password: all sessions, since whoever knew the old one may
 * have begun them, and what such a session let applications do, unless the realm says that it stays. When
 * it is deactivated: everything, so that nothing comes back with it.
 */
export function afterChange({ provider }: Ending, before: EndUser, after: EndUser): EndUser {
  if (before.status === 'Active' && after.status !== 'Active') return withAllEnded(after)
  if (before.password === after.password) return after
  return provider.passwordChangeEndsGrants ? withAllEnded(after) : withSessionsEnded(after)
}
