import type { Realm } from '../realm/realm.ts'
import { lost, untilDecided } from '../store/update.ts'
import { afterChange } from '../user/counters.ts'
import { updateEndUser } from '../user/end-user.ts'
import type { Session, Sessions } from './session.ts'
import { bytes, garbageFrom, parse, storeKey } from './session-record.ts'

/**
 * Stores another password that a user set from one of their own sessions, and ends what that ends
 * (`afterChange`) but this very session. False when the session was over by then: then nothing is stored.
 */
export async function setOwnPassword(
  realm: Realm,
  session: Session,
  password: string,
): Promise<boolean> {
  let epoch: number | undefined
  const stored = await updateEndUser(realm, session.sub, (user) => {
    if (user.epoch !== session.epoch) return undefined
    const after = afterChange(realm, user, { ...user, password })
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
