import type { Realm } from '../realm/realm.ts'

/** A time of a token as others count it: after the clock was corrected back, `now` is ahead for a while. */
export function spokenTime(realm: Realm, time: number): number {
  return time + realm.timeOfDay() - realm.now()
}
