/** Calls without a pause while something else goes on, which must not make one of them fail. */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from '../wire.ts'
import { outcomeOf, tally } from './pair.ts'

const workers = 16

/** Settles when so many more calls were answered, however long that takes, or when one has failed. */
export type More = (count: number) => Promise<void>

/** Gives what the answers were, and how often; whatever fails ends it all. */
export async function underLoad(
  call: (worker: number) => Promise<Answer>,
  meanwhile: (more: More) => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  let going = true
  const end = (): void => {
    going = false
  }
  const outcomes: string[] = []
  const work = async (worker: number): Promise<void> => {
    while (going) outcomes.push(outcomeOf(await call(worker)))
  }
  const more: More = async (count) => {
    for (const enough = outcomes.length + count; going && outcomes.length < enough; ) await delay(5)
  }
  const all = [meanwhile(more), ...Array.from({ length: workers }, (_, i) => work(i))]
  const ended = await Promise.allSettled(all.map((each) => each.finally(end)))
  for (const each of ended) if (each.status === 'rejected') throw each.reason
  return tally(outcomes)
}

export function assertAllGood(outcomes: Readonly<Record<string, number>>): void {
  assert.deepEqual(Object.keys(outcomes), ['201'], JSON.stringify(outcomes))
}
