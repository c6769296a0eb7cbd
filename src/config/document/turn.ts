import { delay } from '../../base/time.ts'
import type { RealmWorld } from '../../realm/realms.ts'

const key = 'document/turn'

/** Seconds after which whoever had the turn and was not heard of is taken for dead. */
const patience = 30

/** Milliseconds between two looks whether it is free. */
const pause = 100

/**
 * Does something that only one process at a time may do with this store, and waits for its turn. The turn
 * is held by a record that ends by itself, so that a process that died holds nobody up for long; `hold`
 * says from time to time that it goes on.
 *
 * @throws Error from `hold` when the turn was lost meanwhile: somebody else has begun.
 */
export async function inTurn<T>(
  { settings, timeOfDay, random }: Pick<RealmWorld, 'settings' | 'timeOfDay' | 'random'>,
  work: (hold: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const name = random(16)
  const until = (): number => timeOfDay() + patience
  while ((await settings.insert(key, name, until())) !== 'won') await delay(pause)
  let held = timeOfDay()
  const hold = async (): Promise<void> => {
    if (timeOfDay() - held < patience / 3) return
    const stored = await settings.get(key)
    const mine = stored?.value.equals(name) === true
    if (
      stored === undefined ||
      !mine ||
      (await settings.replace(key, stored.version, name, until())) !== 'won'
    )
      throw new Error('another process has begun to apply a document meanwhile')
    held = timeOfDay()
  }
  try {
    return await work(hold)
  } finally {
    if ((await settings.get(key))?.value.equals(name)) await settings.delete(key)
  }
}
