/** Nodes that make passkeys and ask for them, each at its turn by itself, and devices that answer. */
import assert from 'node:assert/strict'
import type { JsonObject } from '../src/base/json.ts'
import { people as accounts } from '../src/config/user/people.ts'
import { answersTo } from '../src/journey/engine/number.ts'
import type { NodeResult, NodeType, Turn } from '../src/journey/journey.ts'
import { webAuthnAuthentication } from '../src/journey/node/webauthn/authentication.ts'
import { webAuthnRegistration } from '../src/journey/node/webauthn/registration.ts'
import { nodeValues } from '../src/journey/node-setting.ts'
import type { JourneyState } from '../src/journey/state.ts'
import { emptyState, putShared, textIn } from '../src/journey/state.ts'
import type { EndUser } from '../src/user/end-user.ts'
import { findByUsername } from '../src/user/end-user.ts'
import type { Authenticator } from './authenticator.ts'
import { askedOf } from './authenticator.ts'
import { oneMore, people } from './people.ts'

export const all = await people({ journeys: ['Login', 'Passkey', 'PasskeyRegistration'] })
const { alpha } = all
export const origin = 'http://localhost:8080'

/** A node at its turn, by itself. */
export async function turn(
  type: NodeType,
  settings: JsonObject,
  state: JourneyState,
  before?: NodeResult,
  answers: Readonly<Record<string, string>> = {},
): Promise<NodeResult> {
  const asked = before?.kind === 'ask' ? before.callbacks : []
  const visit = { peer: '127.0.0.1', session: undefined, login_hint: undefined, locales: [] }
  const running = { outer: 'J', name: 'J', identityResource: undefined, mustRun: false }
  const own = {
    ...{ realm: alpha, visit, running, id: 'n', state, asked, resumed: false },
    answers: before === undefined ? undefined : answersTo(asked, new Map(Object.entries(answers))),
    kept: before?.kind === 'ask' ? before.keep : undefined,
    inside: () => undefined,
    mostRise: async () => 0,
    ...{ resumeUri: () => '', isSentTo: () => false, people: accounts },
  }
  return type.process(own satisfies Partial<Turn> as Turn, nodeValues(type.settings, settings))
}

export const dataIn = (result: NodeResult): JsonObject => {
  assert.ok(result.kind === 'ask')
  return askedOf(result.callbacks)
}
export const outcomeOf = (result: NodeResult): string => {
  assert.ok(result.kind === 'outcome', result.kind)
  return result.outcome
}

export const plain = { asScript: false }
export const named = (username: string): JourneyState => putShared(emptyState, { username })

/** Somebody with a passkey on that device. */
export async function registered(
  device: Authenticator,
  settings: JsonObject = {},
): Promise<JourneyState> {
  const user = await oneMore(all)
  const state = named(user.username)
  const own = { ...plain, ...settings }
  const asked = await turn(webAuthnRegistration, own, state)
  const answer = { IDToken2: device.register(dataIn(asked)) }
  const done = await turn(webAuthnRegistration, own, state, asked, answer)
  assert.equal(outcomeOf(done), 'success')
  return done.state
}

/** What becomes of an answer of that device. */
export async function shown(
  device: Authenticator,
  state: JourneyState,
  settings: JsonObject = {},
  change: (answer: string) => string = (answer) => answer,
): Promise<NodeResult> {
  const own = { ...plain, ...settings }
  const asked = await turn(webAuthnAuthentication, own, state)
  const answer = { IDToken2: change(device.authenticate(dataIn(asked))) }
  return turn(webAuthnAuthentication, own, state, asked, answer)
}

export async function userIn(state: JourneyState): Promise<EndUser> {
  const user = await findByUsername(alpha, textIn(state, 'username') ?? '')
  assert.ok(user !== undefined)
  return user
}
