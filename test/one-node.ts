import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../src/base/json.ts'
import { people as accounts } from '../src/config/user/people.ts'
import type { Answer } from '../src/journey/callback/callback.ts'
import { callbacksOf } from '../src/journey/engine/number.ts'
import type { NodeResult, Turn, Visit } from '../src/journey/journey.ts'
import { nodeValues } from '../src/journey/node-setting.ts'
import { nodeTypes } from '../src/journey/node-types.ts'
import type { People } from '../src/journey/people.ts'
import type { JourneyState } from '../src/journey/state.ts'
import { emptyState } from '../src/journey/state.ts'
import type { Realm } from '../src/realm/realm.ts'

/** What a node finds at its turn, where a test says something of it. */
export interface Found {
  readonly shared?: JsonObject
  readonly transient?: JsonObject
  readonly state?: JourneyState
  readonly visit?: Partial<Visit>
  /** Values of the inputs of each callback. */
  readonly answers?: readonly (readonly Json[])[] | undefined
  readonly kept?: Json | undefined
  readonly asked?: Turn['asked']
  readonly running?: Partial<Turn['running']>
  readonly people?: Partial<People>
}

export interface OneNode {
  /** One turn of it. */
  turn(found?: Found): Promise<NodeResult>
  /** The outcome by which that passes. */
  outcome(found?: Found): Promise<string>
  /** What it asks, as it is on the wire. */
  asks(found?: Found): Promise<string>
  /** The ids of its outcomes. */
  readonly outcomes: Promise<readonly string[]>
}

/** A node by itself. */
export function nodeIn(realm: Realm, type: string, settings: JsonObject = {}): OneNode {
  const kind = nodeTypes[type]
  assert.ok(kind !== undefined, type)
  const values = nodeValues(kind.settings, settings)
  const visit = { peer: '127.0.0.1', session: undefined, login_hint: undefined, locales: [] }
  const turn = async (found: Found = {}): Promise<NodeResult> => {
    const { shared = {}, transient = {}, state = emptyState, answers, kept, asked = [] } = found
    return kind.process(
      {
        ...{
          realm,
          id: 'n1',
          asked,
          kept,
          resumed: false,
          people: { ...accounts, ...found.people },
        },
        visit: { ...visit, ...found.visit },
        running: {
          ...{ outer: 'Test', name: 'Test', identityResource: undefined, mustRun: false },
          ...found.running,
        },
        state: {
          ...state,
          shared: { ...state.shared, ...shared },
          transient: { ...state.transient, ...transient },
        },
        answers: answers?.map((each): Answer => ({ type: '', values: each, given: true })),
        inside: () => undefined,
        mostRise: async () => 0,
        resumeUri: () => 'https://as.example/',
        isSentTo: () => true,
      },
      values,
    )
  }
  return {
    turn,
    async outcome(found) {
      const result = await turn(found)
      assert.ok(result.kind === 'outcome', JSON.stringify(result))
      const known = await kind.outcomes(values, () => undefined)
      assert.ok(
        known.some(({ id }) => id === result.outcome),
        result.outcome,
      )
      return result.outcome
    },
    async asks(found) {
      const result = await turn(found)
      assert.ok(result.kind === 'ask', JSON.stringify(result))
      return JSON.stringify(callbacksOf(result.callbacks, false))
    },
    outcomes: Promise.resolve(kind.outcomes(values, () => undefined)).then((all) =>
      all.map(({ id }) => id),
    ),
  }
}
