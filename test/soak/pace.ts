/** How much servers take, and work that comes at a steady pace, whatever becomes of it. */
import { delay } from '../../src/base/time.ts'

/** What one of the clients does once. */
export type Act = (client: number) => Promise<void>

/**
 * How often in a second clients who never rest are through with it; the first third of the time is not counted. It takes
 * longer where there is less than one end for each of them: on a machine that is busy elsewhere there may be none.
 */
export async function capacity(act: Act, clients: number, seconds: number): Promise<number> {
  let done = 0
  let going = true
  const client = async (_: unknown, i: number): Promise<void> => {
    while (going) {
      await act(i)
      done += 1
    }
  }
  const all = Promise.all(Array.from({ length: clients }, client))
  await delay((seconds * 1000) / 3)
  const [before, began] = [done, performance.now()]
  await delay((seconds * 2000) / 3)
  while (done - before < clients) await delay(10)
  const perSecond = ((done - before) * 1000) / (performance.now() - began)
  going = false
  await all
  return perSecond
}

export interface Pace {
  /** How many began more than a second after their time, since all clients were busy: then the pace was not kept. */
  late(): number
  /** Begins no more, and resolves when all is done. */
  stop(): Promise<void>
}

/** Begins so many in a second, each by whichever client is free. @throws RangeError where that is never. */
export function atPace(perSecond: number, clients: number, act: Act): Pace {
  if (!(perSecond > 0)) throw new RangeError(`${perSecond} a second is no pace`)
  let next = performance.now()
  let late = 0
  let going = true
  const client = async (_: unknown, i: number): Promise<void> => {
    while (going) {
      const due = next
      next += 1000 / perSecond
      const behind = performance.now() - due
      if (behind < 0) await delay(-behind)
      else if (behind > 1000) {
        late += 1
        // What was missed is not made up for: that would be more than the pace.
        next = performance.now()
      }
      if (going) await act(i)
    }
  }
  const all = Promise.all(Array.from({ length: clients }, client))
  return {
    late: () => late,
    async stop() {
      going = false
      await all
    },
  }
}
