import { withinBytes } from '../base/bytes.ts'
import type { Realm } from '../realm/realm.ts'
import { asking, progressAt } from './asking.ts'
import type { AuthId } from './auth-id.ts'
import { longestInitial, openSuspendedId } from './auth-id.ts'
import type { Callback, Inputs } from './callback/callback.ts'
import { WouldAct } from './engine/looking.ts'
import { answersTo, callbacksOf } from './engine/number.ts'
import { JourneyChanged } from './engine/position.ts'
import { claim, keepFirst, newReference, standing } from './engine/progress.ts'
import type { Progress, Reference } from './engine/record.ts'
import { beginsUntil } from './engine/record.ts'
import { claimSuspended } from './engine/resumption.ts'
import type { Walk, Walked } from './engine/walk.ts'
import { begin, goOn } from './engine/walk.ts'
import { findTree } from './find.ts'
import type { Visit } from './journey.ts'
import type { Around } from './people.ts'
import type { JourneyState } from './state.ts'
import { emptyState } from './state.ts'
import type { Step } from './step.ts'
import type { Tree } from './tree.ts'
import { ending, held, nextOf, nobodys, nowhere, told, walkOf } from './walking.ts'

/** What of a start is the caller's to say. */
export interface Start {
  readonly journey: string
  readonly index?: Progress['index']
  readonly bound?: string
  readonly targetLevel?: number | undefined
  readonly resumeAt: Around
  /** Nobody has asked for more than to see what it asks first. @throws WouldAct where more would come of it. */
  readonly looking?: true
}

/**
 * The first step of a journey. `answer`: what whoever starts it says at once to what it asks first; undefined for what it
 * cannot answer so.
 */
export async function start(
  realm: Realm,
  visit: Visit,
  asked: Start,
  answer: (callbacks: readonly Callback[]) => Inputs | undefined = () => undefined,
): Promise<Step> {
  const { journey, index, bound = '', targetLevel } = asked
  const found = await findTree(realm, journey)
  const until = overAt(realm, found?.tree)
  const first: Omit<Progress, 'position'> = {
    ...{ journey, bound, until, targetLevel },
    ...(index === undefined ? {} : { index }),
  }
  const reference = newReference(realm, { ...first, position: nowhere })
  const walk = startOf(realm, visit, reference, asked)
  const walked = await unlessChanged(async () =>
    answeredAtOnce(walk, await begin(walk, journey, stateAt(realm, visit)), answer),
  )
  if (walked === undefined) return { kind: 'over' }
  if (walked.kind !== 'ask') return ending(journey, found?.tree, walked, nobodys)
  const progress = progressAt(realm, first, walked)
  const small = withinBytes(JSON.stringify(progress), longestInitial)
  const kept =
    small && !progress.position.suspended
      ? travelling(realm, reference, progress)
      : await keepFirst(realm, reference, progress, visit.peer)
  return asking(realm, kept, progress)
}

/**
 * What is handed out of a first step that nothing was stored of. Its record stays as long as its id says: where a node gave
 * the journey more time it is another id, since whoever outlives the record could begin there once more.
 */
function travelling(realm: Realm, reference: Reference, progress: Progress): Reference {
  if (progress.until > beginsUntil(reference.id)) return newReference(realm, progress)
  return { ...reference, initial: progress }
}

function startOf(realm: Realm, visit: Visit, reference: Reference, asked: Start): Walk {
  const { targetLevel, looking, resumeAt } = asked
  return { ...walkOf(realm, visit, reference, { targetLevel }, resumeAt), looking }
}

function stateAt({ path, authentication }: Realm, { forced }: Visit): JourneyState {
  const shared = { realm: path, authLevel: authentication.defaultAuthLevel }
  return { ...emptyState, shared, ...(forced && { forced }) }
}

/** What a journey asks first; nothing where it asks nothing, or would do more than ask. Nothing comes of it. */
export async function firstAsked(
  realm: Realm,
  visit: Visit,
  asked: Start,
): Promise<readonly Callback[]> {
  const { journey, bound = '' } = asked
  const nowhereYet = newReference(realm, { journey, bound, until: realm.now(), position: nowhere })
  const walk = startOf(realm, visit, nowhereYet, { ...asked, looking: true })
  try {
    const walked = await unlessChanged(() => begin(walk, journey, stateAt(realm, visit)))
    return walked?.kind === 'ask' ? callbacksOf(walked.position.asked, walked.position.onPage) : []
  } catch (error) {
    if (error instanceof WouldAct) return []
    throw error
  }
}

/** Undefined: somebody changed the journey while it ran. */
async function unlessChanged(walk: () => Promise<Walked>): Promise<Walked | undefined> {
  try {
    return await walk()
  } catch (error) {
    if (error instanceof JourneyChanged) return undefined
    throw error
  }
}

/** Nobody has seen the first step yet: so there is nothing that could be answered twice. */
async function answeredAtOnce(
  walk: Walk,
  walked: Walked,
  answer: (callbacks: readonly Callback[]) => Inputs | undefined,
): Promise<Walked> {
  if (walked.kind !== 'ask' || walked.position.suspended) return walked
  const { asked, onPage } = walked.position
  const inputs = answer(callbacksOf(asked, onPage))
  return inputs === undefined ? walked : goOn(walk, walked.position, answersTo(asked, inputs))
}

/** The step at which a journey stands, once more. */
export async function show(realm: Realm, authId: AuthId): Promise<Step> {
  const progress = await standing(realm, authId)
  return progress === undefined ? { kind: 'over' } : asking(realm, authId, progress)
}

/**
 * One step: takes the answers to what was asked where the journey stands and goes on until it must
 * ask, or is at its end. The same answers once more have the same effect as once.
 */
export async function run(
  realm: Realm,
  visit: Visit,
  authId: AuthId,
  inputs: Inputs,
  resumeAt: Start['resumeAt'],
): Promise<Step> {
  const claimed = await claim(realm, authId, inputs, visit.peer)
  if (claimed.kind === 'over' || claimed.kind === 'busy') return claimed
  if (claimed.kind === 'ended') return { kind: 'again', told: claimed.ended }
  const { progress } = claimed
  if (claimed.kind === 'again')
    return asking(realm, { id: authId.id, step: claimed.step }, progress)
  const answers = answersTo(progress.position.asked, inputs)
  const walk = walkOf(realm, visit, nextOf(authId), progress, resumeAt)
  const { taken } = claimed
  return held(realm, taken, async () => {
    const walked = await goOn(walk, progress.position, answers)
    return told(realm, taken, progress, walked, inputs)
  })
}

/**
 * Goes on where a journey was suspended. `bound`: to which browser from now on. `resumeAt`: by the journey's name, which
 * the link alone does not say for certain.
 */
export async function resume(
  realm: Realm,
  visit: Visit,
  suspendedId: string,
  bound: string,
  resumeAt: (journey: string) => Start['resumeAt'],
): Promise<Step> {
  const from = openSuspendedId(realm, suspendedId)
  if (from === undefined) return { kind: 'over' }
  const claimed = await claimSuspended(realm, from, bound)
  if (claimed.kind === 'over' || claimed.kind === 'busy') return claimed
  if (claimed.kind === 'again')
    return asking(realm, { id: from.id, step: claimed.step }, claimed.progress)
  const { taken } = claimed
  return held(realm, taken, async () => {
    const progress = { ...claimed.progress, bound, until: await anew(realm, claimed.progress) }
    const around = resumeAt(progress.journey)
    const walk = {
      ...walkOf(realm, visit, nextOf(from), progress, around),
      isSentTo: from.isSentTo,
    }
    const walked = await goOn(walk, progress.position, undefined)
    return told(realm, taken, progress, walked)
  })
}

/** Who comes late, from another device, has as long as whoever begins. */
async function anew(realm: Realm, { journey }: Progress): Promise<number> {
  const found = await findTree(realm, journey)
  return overAt(realm, found?.tree)
}

function overAt(realm: Realm, tree: Tree | undefined): number {
  return realm.now() + (tree?.treeTimeout ?? realm.provider.journeyMaxDuration) * 60
}
