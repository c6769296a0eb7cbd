import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { Realm } from '../realm/realm.ts'
import type { EndUser } from '../user/end-user.ts'
import { findEndUser } from '../user/end-user.ts'
import type { Answers, Callback, Question } from './callback.ts'
import { callbacksOf, inputName } from './callback.ts'
import type { Journey, JourneyState, NodeResult, NodeType, Step, Visit } from './journey.ts'
import { nodeTypes } from './node/index.ts'

/** Where a journey stands: a place, and what is known there. */
export interface Position {
  readonly place: string
  readonly state: JourneyState
}

/** What one step of a journey comes to. */
export type Progress =
  | { readonly kind: 'ask'; readonly stand: Position; readonly callbacks: readonly Callback[] }
  | { readonly kind: 'success'; readonly sub: string; readonly epoch: number }
  /** `tried`: the name it was tried with, as far as it came to that. */
  | { readonly kind: 'failure'; readonly tried?: string | undefined }

/** A tree has no way back, so it is left after at most as many places as it has. */
const failure: Progress = { kind: 'failure' }

/** The first step of a journey. */
export function start(realm: Realm, journey: Journey, visit: Visit): Promise<Progress> {
  return run(realm, journey, visit, { place: journey.entry, state: {} })
}

/**
 * One step: takes the answers to what was asked where the journey stands and goes on until it must
 * ask, or is at its end. Without answers it asks again.
 */
export async function run(
  realm: Realm,
  journey: Journey,
  visit: Visit,
  from: Position,
  answers?: Answers,
): Promise<Progress> {
  let { place: name, state } = from
  let given = answers
  for (let left = Object.keys(journey.places).length; left > 0; left--) {
    const place = journey.places[name]
    if (place === undefined) return failure
    const questions = questionsOf(place, visit, state)
    if (questions.length > 0 && given === undefined) return ask(name, state, questions)
    const result = await pass(realm, place, visit, state, given)
    given = undefined
    state = result.state
    if (result.outcome === undefined) return ask(name, state, questionsOf(place, visit, state))
    name = place.outcomes[result.outcome] ?? 'failure'
    if (name === 'failure') return { kind: 'failure', tried: state.username }
    if (name === 'success')
      return state.sub === undefined ? failure : success(state.sub, state.epoch)
  }
  return failure
}

/** An `authId` from before there were counters has none. */
function success(sub: string, epoch = 0): Progress {
  return { kind: 'success', sub, epoch }
}

/** The active account a journey has proven; undefined before its end, or when all of it was ended meanwhile. */
export function provenUser(realm: Realm, step: Progress): Ready<EndUser | undefined> {
  if (step.kind !== 'success') return undefined
  return whenReady(findEndUser(realm, step.sub), (user) =>
    user?.status === 'Active' && user.epoch === step.epoch ? user : undefined,
  )
}

function ask(place: string, state: JourneyState, questions: readonly Question[]): Progress {
  return { kind: 'ask', stand: { place, state }, callbacks: callbacksOf(questions) }
}

function questionsOf(place: Step, visit: Visit, state: JourneyState): Question[] {
  return place.nodes.flatMap((name) => nodeType(name).questions(visit, state))
}

/** Hands each node of the page its share of the answers; the last one's outcome counts. */
async function pass(
  realm: Realm,
  place: Step,
  visit: Visit,
  before: JourneyState,
  answers: Answers = new Map(),
): Promise<NodeResult> {
  let result: NodeResult = { outcome: undefined, state: before }
  let asked = 0
  for (const name of place.nodes) {
    const type = nodeType(name)
    const first = asked
    asked += type.questions(visit, before).length
    const share: string[] = []
    for (let i = first; i < asked; i++) share.push(answers.get(inputName(i)) ?? '')
    result = await type.process(realm, visit, result.state, share)
    if (result.outcome === undefined) break
  }
  return result
}

function nodeType(name: Step['nodes'][number]): NodeType {
  return nodeTypes[name]
}
