import { delay } from '../../base/time.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Taken } from './give-back.ts'
import { giveBack } from './give-back.ts'
import type { Progress, ProgressRecord } from './record.ts'
import { bytes, keptUntil, keyOf, newClaim } from './record.ts'

/** A step as it was read, which nobody works on. */
export interface Free extends Pick<Taken, 'id' | 'step' | 'from'> {
  readonly before: ProgressRecord & { readonly progress: Progress }
}

/** A step that is for whoever has this to go on. */
export interface Won {
  readonly kind: 'won'
  readonly progress: Progress
  readonly taken: Taken
}

/**
 * Takes a step for whoever has this claim, in the place of what was read; `wait`: somebody else was faster. Where the
 * store does not tell whether the claim is there, it is given back.
 */
export async function take(realm: Realm, free: Free, claim: string): Promise<Won | 'wait'> {
  const { id, before, from } = free
  const { progress } = before
  const made = newClaim(realm, claim)
  const taken = { ...free, by: made.by }
  const [key, value] = [keyOf(id), bytes({ ...before, ...made })]
  const until = keptUntil(id, progress.until)
  try {
    const outcome = await (from === undefined
      ? realm.records.insert(key, value, until)
      : realm.records.replace(key, from, value, until))
    return outcome === 'won' ? { kind: 'won', progress, taken } : 'wait'
  } catch (error) {
    await giveBack(realm, taken)
    throw error
  }
}

/** Tries again while somebody else works on a step, ever less often: for some five seconds in all. */
export async function untilFree<T>(
  attempt: () => Promise<T | 'wait'>,
): Promise<T | { readonly kind: 'busy' }> {
  for (let pause = 20; pause < 3000; pause *= 2) {
    const came = await attempt()
    if (came !== 'wait') return came
    await delay(pause)
  }
  return { kind: 'busy' }
}
