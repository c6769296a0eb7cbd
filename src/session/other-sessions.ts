import { event } from '../base/log.ts'
import type { Realm } from '../realm/realm.ts'
import { lost, untilDecided } from '../store/update.ts'
import { withSessionsEnded } from '../user/counters.ts'
import type { EndUser } from '../user/end-user.ts'
import { updateEndUser } from '../user/end-user.ts'
import { nameIn } from '../user/username.ts'
import type { Session, Sessions } from './session.ts'
import { bytes, garbageFrom, parse, storeKey } from './session-record.ts'

/** Ends every session of a user but this one, listed or not, by one write; false when this one was over by then. */
export async function endOtherSessions(realm: Realm, session: Session): Promise<boolean> {
  const { sub, realm: home, username } = session
  const ended = await changeWithin(realm, session, withSessionsEnded)
  if (ended) event('sessions.ended', { realm: realm.path, sub, by: nameIn(home, username) })
  return ended
}

/**
 * Changes an account for its user, from one of their own sessions, which goes on whatever the change ends.
 * False when the session was over by then: then nothing is stored.
 */
export async function changeWithin(
  realm: Realm,
  session: Session,
  next: (user: EndUser) => EndUser,
): Promise<boolean> {
  let epoch: number | undefined
  const stored = await updateEndUser(realm, session.sub, (user) => {
    if (user.epoch !== session.epoch) return undefined
    const after = next(user)
    epoch = after.epoch
    return after
  })
  if (!stored || epoch === undefined) return false
  await carryOn(realm, session, epoch)
  return true
}

/**
 * Gives a session the number that its own change made. What was raised since then is more, so a session
 * that somebody else ended meanwhile stays ended.
 */
async function carryOn(
  realm: Sessions,
  { key, token }: Pick<Session, 'key' | 'token'>,
  epoch: number,
): Promise<void> {
  await untilDecided('a session', async () => {
    const stored = await realm.records.get(storeKey(key))
    if (stored === undefined) return undefined
    const record = { ...parse(key, token, stored), epoch }
    const { version } = stored
    const next = bytes(record)
    const won = await realm.records.replace(storeKey(key), version, next, garbageFrom(record))
    return won === 'won' ? undefined : lost
  })
}
