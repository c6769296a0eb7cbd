/** A world in memory in which what is only watched is counted, and what is listed of it. */
import { type Compliance, compliance } from '../src/history/breaches/compliance.ts'
import { startBreachCounter } from '../src/history/breaches/counter.ts'
import type { Recorder } from '../src/history/recorder.ts'
import type { World, WorldOptions } from './world.ts'
import { world } from './world.ts'

export interface CountedWorld extends World {
  readonly counter: Recorder
  listed(client_id?: string): Promise<readonly Compliance[]>
}

export async function countedWorld(options: WorldOptions = {}): Promise<CountedWorld> {
  const w = await world(options)
  const listed = async (client_id?: string) =>
    (await compliance(await w.realm(), client_id)).entries
  return { ...w, counter: counterOf(w), listed }
}

/** One more process on that store is one with another counter. */
export function counterOf(w: World): Recorder {
  return startBreachCounter(w, () => w.clock.now)
}

/** What an entry says in short. */
export function shortly(entries: readonly Compliance[]): readonly string[] {
  return entries.map(({ client_id, requirement, why, count }) =>
    [client_id, requirement, why, count].join(' '),
  )
}
