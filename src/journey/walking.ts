/* One step of a journey that has been claimed: what it walks with, and what becomes of it. */
import type { Realm } from '../realm/realm.ts'
import { untilKnown } from '../store/update.ts'
import { asking, progressAt } from './asking.ts'
import { suspendedIdOf } from './auth-id.ts'
import type { Inputs } from './callback/callback.ts'
import type { Ended } from './engine/end.ts'
import type { Taken } from './engine/give-back.ts'
import { giveBack, hasGoneOn } from './engine/give-back.ts'
import type { Position } from './engine/position.ts'
import { JourneyChanged } from './engine/position.ts'
import type { Looked } from './engine/progress.ts'
import { close, end, keep, look } from './engine/progress.ts'
import type { Progress, Reference } from './engine/record.ts'
import type { Walk, Walked } from './engine/walk.ts'
import { findTree } from './find.ts'
import type { Visit } from './journey.ts'
import type { Around } from './people.ts'
import { emptyState } from './state.ts'
import type { EndStep, Step } from './step.ts'
import type { Tree } from './tree.ts'

/** How what comes next is called, should the journey be suspended there. */
export function nextOf({ id, step }: Pick<Reference, 'id' | 'step'>): Reference {
  return { id, step: step + 1 }
}

/** What nobody may see of a journey that is about to begin. */
export const nowhere: Position = {
  ...{ frames: [], state: emptyState, asked: [] },
  ...{ onPage: false, suspended: false },
}

export function walkOf(
  realm: Realm,
  visit: Visit,
  suspended: Reference,
  { targetLevel }: Pick<Progress, 'targetLevel'>,
  around: Around,
): Walk {
  const resumeUri = (address?: string): string =>
    around.resumeUri(suspendedIdOf(realm, suspended, address))
  return { realm, visit, targetLevel, resumeUri, isSentTo: () => false, people: around.people }
}

/** Works on a claimed step; gives it back if that fails for a reason that is not the journey's. */
export async function held(realm: Realm, taken: Taken, work: () => Promise<Step>): Promise<Step> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof JourneyChanged) {
      await orGivenBack(realm, taken, close(realm, taken))
      return { kind: 'over' }
    }
    await giveBack(realm, taken)
    throw error
  }
}

/** Where the store fails before it has what came of a step, that can be tried again. */
async function orGivenBack(realm: Realm, taken: Taken, written: Promise<void>): Promise<void> {
  await written.catch(async (error: unknown) => {
    await giveBack(realm, taken)
    throw error
  })
}

export async function told(
  realm: Realm,
  taken: Taken,
  before: Progress,
  walked: Walked,
  inputs?: Inputs,
): Promise<Step> {
  const { journey } = before
  if (walked.kind === 'ask') {
    const progress = progressAt(realm, before, walked)
    const kept = await keep(realm, taken, progress, inputs).catch(async (error: unknown) => {
      if ((await untilKnown(() => hasGoneOn(realm, taken))) !== true) throw error
      return nextOf(taken)
    })
    return kept === undefined ? { kind: 'over' } : asking(realm, kept, progress)
  }
  const found = await findTree(realm, journey)
  return ending(journey, found?.tree, walked, heldEnd(realm, taken, inputs))
}

/** What is done with the end of a claimed step. */
type Held = Pick<EndStep, 'look' | 'write' | 'isWritten' | 'settle' | 'giveBack'>

function heldEnd(realm: Realm, taken: Taken, inputs: Inputs | undefined): Held {
  let at: Looked
  const own: Held = {
    async look() {
      at = await look(realm, taken)
    },
    async write(told) {
      const over = at
      at = undefined
      await (inputs === undefined
        ? close(realm, taken, over)
        : end(realm, taken, inputs, told, over))
    },
    isWritten: () => hasGoneOn(realm, taken),
    settle: (told) =>
      own.write(told).catch(async (error: unknown) => {
        if ((await untilKnown(own.isWritten)) !== true) throw error
      }),
    giveBack: () => giveBack(realm, taken),
  }
  return own
}

/** Nobody has claimed what was not handed out. */
export const nobodys: Held = {
  ...{ look: async () => undefined, write: async () => undefined },
  ...{ settle: async () => undefined, isWritten: async () => true },
  giveBack: async () => undefined,
}

export function ending(journey: string, tree: Tree | undefined, ended: Ended, held: Held): EndStep {
  return { kind: ended.kind, journey, tree, ended, ...held }
}
