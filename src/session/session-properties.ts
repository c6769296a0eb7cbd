import { lost, untilSaved } from '../store/update.ts'
import type { Session, Sessions } from './session.ts'
import { bytes, garbageFrom, parse, storeKey } from './session-record.ts'

/**
 * Keeps these properties with a session, in place of what it had under their names; false when it has ended. They are
 * its client's own: nothing here goes by them.
 */
export function saveProperties(
  realm: Sessions,
  { key, token }: Session,
  properties: Session['properties'],
): Promise<boolean> {
  return untilSaved('a session', storeKey(key), async () => {
    const stored = await realm.records.get(storeKey(key))
    if (stored === undefined) return false
    const before = parse(key, token, stored)
    const record = { ...before, properties: { ...before.properties, ...properties } }
    const { version } = stored
    const next = bytes(record)
    const won = await realm.records.replace(storeKey(key), version, next, garbageFrom(record))
    return won === 'won' ? true : lost
  })
}
