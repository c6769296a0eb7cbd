/** Journeys of a test, saved by REST and gone through step by step over the wire. */
import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../../../src/base/json.ts'
import type { BuiltIn, Placed } from '../../../src/journey/built-in/journey.ts'
import { builtIn, failure, success } from '../../../src/journey/built-in/journey.ts'
import { json } from '../../party.ts'
import { type Answer, jsonOf, type Wire } from '../../wire.ts'

export type Calls = Pick<Wire, 'call'>

/** Writes a document below `realm-config` of alpha. */
export type Put = (path: string, document: JsonObject) => Promise<{ readonly status: number }>

const trees = '/authentication/authenticationtrees'

/** Saves a journey as an administrator does: its nodes, then its tree. */
export async function saveJourney(put: Put, name: string, { tree, nodes }: BuiltIn): Promise<void> {
  const all = Object.entries(nodes).map(
    ([id, { type, document }]) => [`${type}/${id}`, document] as const,
  )
  for (const [path, document] of [
    ...all.map(([at, each]) => [`nodes/${at}`, each] as const),
    [`trees/${name}`, tree] as const,
  ])
    assert.ok((await put(`${trees}/${path}`, document)).status < 300, path)
}

/** A password, and on where it is right. */
export const passwordThen = (next: string): Readonly<Record<string, Placed>> => ({
  word: { type: 'PasswordCollectorNode', to: { outcome: 'check' } },
  check: { type: 'DataStoreDecisionNode', to: { true: next, false: failure } },
})

/** Name, password and a choice, whose right answer is counted before the session is there. */
export const inTurn = builtIn('', {
  name: { type: 'UsernameCollectorNode', to: { outcome: 'word' } },
  ...passwordThen('choose'),
  choose: {
    type: 'ChoiceCollectorNode',
    settings: { choices: ['stay', 'go', 'leave'], defaultChoice: 'stay', prompt: '' },
    to: { stay: 'count', go: 'count', leave: failure },
  },
  count: { type: 'IncrementLoginCountNode', to: { outcome: success } },
})

/** A name, a link that is mailed, and the password of whoever comes with it. */
export const byLetter = builtIn('', {
  who: { type: 'UsernameCollectorNode', to: { outcome: 'letter' } },
  letter: {
    type: 'EmailSuspendNode',
    settings: { emailTemplateName: 'resetPassword', objectLookup: true, suspendDuration: 5 },
    to: { outcome: 'word' },
  },
  ...passwordThen(success),
})

/** A call of a journey: how it begins, or answers in the order of their inputs. */
export function step(
  w: Calls,
  query: Readonly<Record<string, string>>,
  asked?: JsonObject,
  ...answers: readonly Json[]
): Promise<Answer> {
  const callbacks = (asked?.callbacks ?? []) as readonly JsonObject[]
  const answered = callbacks.map((callback, i) => {
    const [input] = (callback.input ?? []) as readonly JsonObject[]
    return { ...callback, input: [{ ...input, value: answers[i] ?? '' }] }
  })
  const headers = { 'accept-api-version': 'resource=2.1, protocol=1.0' }
  const sent = asked === undefined ? {} : { authId: asked.authId, callbacks: answered }
  return w.call('POST', `${json}/authenticate?${new URLSearchParams(query)}`, {
    ...{ headers, json: sent },
  })
}

/** The same by whoever tries again where they are told to. */
export async function patiently(call: () => Promise<Answer>): Promise<Answer> {
  const answer = await call()
  return answer.status === 503 ? patiently(call) : answer
}

export const begun = (journey: string) => ({ authIndexType: 'service', authIndexValue: journey })

/** The next step of one that went on. */
export async function next(answer: Promise<Answer>): Promise<JsonObject> {
  return jsonOf(await answer) as JsonObject
}
