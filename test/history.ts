/** A world in memory whose history is kept, and what `explain` says in it. */
import { random } from '../src/base/random.ts'
import type { Asked, Asking } from '../src/history/explain.ts'
import { explain } from '../src/history/explain.ts'
import type { Explanation } from '../src/history/explanation.ts'
import type { HistoryLimits, Recorder } from '../src/history/recorder.ts'
import { startRecorder } from '../src/history/recorder.ts'
import type { World, WorldOptions } from './world.ts'
import { world } from './world.ts'

export interface RecordedWorld extends World {
  readonly recorder: Recorder
  explain(asked: Asked, asking?: Asking): Promise<Explanation | undefined>
}

const plenty: HistoryLimits = { client: 1000, realm: 1000 }

export async function recordedWorld(
  options: WorldOptions = {},
  limits = plenty,
): Promise<RecordedWorld> {
  const w = await world(options)
  return {
    ...w,
    recorder: recorderOf(w, limits),
    explain: async (asked, asking) => explain(await w.realm(), asked, asking),
  }
}

/** One more process on that store is one with another recorder. */
export function recorderOf(w: World, limits = plenty): Recorder {
  return startRecorder({ ...w, random }, limits, () => w.clock.now * 1000)
}

/** The steps of an explanation, by name. */
export function stepsOf(told: Explanation | undefined): string {
  return told === undefined ? 'nothing' : told.steps.map(({ step }) => step).join(' ')
}
