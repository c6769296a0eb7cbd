import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { text } from '../../protocol/setting.ts'
import type { Realm } from '../../realm/realm.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findByUsername, findEndUser } from '../../user/end-user.ts'
import type { Turn, VisitSession } from '../journey.ts'
import { NodeError } from '../journey.ts'
import type { NodeSetting } from '../node-setting.ts'
import { nodeSetting } from '../node-setting.ts'
import type { Identified, JourneyState } from '../state.ts'
import { attributeIn, identify, textIn } from '../state.ts'

/** Which attribute says whom a node is about (PingAM: `identityAttribute`). */
export function identitySetting(usual: 'userName' | 'mail'): NodeSetting<string> {
  return nodeSetting(
    'Identity Attribute',
    text,
    usual,
    'Which attribute tells whose account it is.',
  )
}

/** Whether the state was given a name after somebody was identified. */
export function isNamedSince(state: JourneyState): boolean {
  const username = textIn(state, 'username')
  return username !== undefined && username !== state.namedThen
}

/** What the state holds once the name of the browser's session stands in it: its account was found, whatever it is called from now on. */
export function foundBySession(state: JourneyState, session: VisitSession): JourneyState {
  const { username, sub, epoch } = session
  const theirs = state.user === undefined && textIn(state, 'username') === username
  if (!theirs || sub === undefined || epoch === undefined) return state
  return { ...identify(state, { sub, epoch }), ofSession: true }
}

/** Whom a session named is nobody any more once the state was given another name. */
export function withoutOverruled(state: JourneyState): JourneyState {
  if (state.ofSession !== true || !isNamedSince(state)) return state
  const { user: _, namedThen: _then, ofSession: _by, ...rest } = state
  return rest
}

/** Whoever was found, as long as the account is as it was then; once it was ended or deactivated it is nobody. */
async function stillThere(realm: Realm, { sub, epoch }: Identified): Promise<EndUser | undefined> {
  const user = await findEndUser(realm, sub)
  return user?.status === 'Active' && user.epoch === epoch ? user : undefined
}

/**
 * Whom the state names, for nodes that look somebody up: by the attribute among those that were collected, else by a
 * `username` that was set since somebody was found, else whoever was found. Undefined where that is nobody.
 *
 * @throws NodeError where the state names nobody.
 */
export async function whoIn(turn: Turn, identityAttribute: string): Promise<EndUser | undefined> {
  const { realm, state, people } = turn
  const value = attributeIn(state, identityAttribute)
  if (value !== undefined && value !== null && value !== '')
    return people.find(realm, identityAttribute, value)
  if (state.user !== undefined && !isNamedSince(state)) return stillThere(realm, state.user)
  const username = textIn(state, 'username')
  if (username !== undefined) return findByUsername(realm, username)
  throw new NodeError(`${identityAttribute} not present in state`)
}

/** Whether it is the name by which whoever was found was named then: the account may have been given another one since. */
export function isNameThen({ user, namedThen }: JourneyState, value: Json | undefined): boolean {
  return user !== undefined && namedThen !== undefined && value === namedThen
}

/**
 * Whom nodes go by that look nobody up: whoever was found, whatever the account is called by now. An attribute that names
 * another one does not choose: then it is nobody.
 *
 * @throws NodeError where nobody was found and the state names nobody.
 */
export async function meantIn(turn: Turn, identityAttribute: string): Promise<EndUser | undefined> {
  const { realm, state } = turn
  if (state.user === undefined) return whoIn(turn, identityAttribute)
  const value = attributeIn(state, identityAttribute)
  const isTheirs = identityAttribute === 'userName' && isNameThen(state, value)
  if (!isTheirs && value !== undefined && value !== null && value !== '') {
    const named = await turn.people.find(realm, identityAttribute, value)
    if (named?.sub !== state.user.sub) return undefined
  }
  return stillThere(realm, state.user)
}

/** The same where there has to be somebody. */
export async function knownIn(turn: Turn, identityAttribute: string): Promise<EndUser> {
  const user = await meantIn(turn, identityAttribute)
  if (user === undefined) throw new NodeError('there is no account of the one that the state names')
  return user
}

/** Whoever was found, else the account that has the name of the state (PingAM: `username`); undefined: nobody. */
export async function accountIn({ realm, state }: Turn): Promise<EndUser | undefined> {
  if (state.user !== undefined) return stillThere(realm, state.user)
  const username = textIn(state, 'username')
  return username === undefined ? undefined : findByUsername(realm, username)
}

/** The same where there has to be somebody. */
export async function namedIn(turn: Turn): Promise<EndUser> {
  const user = await accountIn(turn)
  if (user === undefined) throw new NodeError('username not present in state, or nobody’s')
  return user
}

/** What an account holds at a path with `/` between its names; undefined: nothing. */
export async function heldAt(turn: Turn, user: EndUser, path: string): Promise<Json | undefined> {
  if (path === 'password') return user.password === '' ? undefined : true
  const object = await turn.people.read(turn.realm, user.sub)
  return object === undefined ? undefined : heldIn(object, path)
}

export function heldIn(object: JsonObject, path: string): Json | undefined {
  let found: Json | undefined = object
  for (const name of path.split('/').filter((each) => each !== ''))
    found = isObject(found) ? member(found, name) : undefined
  return isEmpty(found) ? undefined : found
}

function isEmpty(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0
  return value === undefined || value === null || value === ''
}

/** Whether somebody has shown that the account is theirs: in this journey, or by the session they come with. */
export function isProven({ state, visit }: Turn, { sub }: EndUser): boolean {
  return (state.user?.sub === sub && state.methods.length > 0) || visit.session?.sub === sub
}

/** The account's `sub` where somebody has shown that it is theirs. */
export function provenSub(turn: Turn, user: EndUser): string | undefined {
  return isProven(turn, user) ? user.sub : undefined
}
