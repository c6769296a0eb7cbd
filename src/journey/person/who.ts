import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { text } from '../../protocol/setting.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findByUsername, findEndUser } from '../../user/end-user.ts'
import type { Turn } from '../journey.ts'
import { NodeError } from '../journey.ts'
import type { NodeSetting } from '../node-setting.ts'
import { nodeSetting } from '../node-setting.ts'
import { attributeIn, textIn } from '../state.ts'

/** Which attribute says whom a node is about (PingAM: `identityAttribute`). */
export function identitySetting(usual: 'userName' | 'mail'): NodeSetting<string> {
  return nodeSetting(
    'Identity Attribute',
    text,
    usual,
    'Which attribute tells whose account it is.',
  )
}

/**
 * Whom the state names: by the attribute among those that were collected, else by `username`, else whoever was
 * found. Undefined where that is nobody.
 *
 * @throws NodeError where the state names nobody.
 */
export async function whoIn(turn: Turn, identityAttribute: string): Promise<EndUser | undefined> {
  const { realm, state, people } = turn
  const value = attributeIn(state, identityAttribute)
  if (value !== undefined && value !== null && value !== '')
    return people.find(realm, identityAttribute, value)
  const username = textIn(state, 'username')
  if (username !== undefined) return findByUsername(realm, username)
  if (state.user !== undefined) return findEndUser(realm, state.user.sub)
  throw new NodeError(`${identityAttribute} not present in state`)
}

/** The same where there has to be somebody. */
export async function knownIn(turn: Turn, identityAttribute: string): Promise<EndUser> {
  const user = await whoIn(turn, identityAttribute)
  if (user === undefined) throw new NodeError('there is no account of the one that the state names')
  return user
}

/** The account that has the name of the state (PingAM: `username`). */
export async function namedIn({ realm, state }: Turn): Promise<EndUser> {
  const username = textIn(state, 'username')
  const user = username === undefined ? undefined : await findByUsername(realm, username)
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
