import type { JsonObject } from '../../../base/json.ts'
import { isObject } from '../../../base/json.ts'
import { flag, texts } from '../../../protocol/setting.ts'
import type { EndUser } from '../../../user/end-user.ts'
import type { Outcome, Turn } from '../../journey.ts'
import { always, NodeError, nodeType, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { identitySetting, isNameThen, meantIn } from '../../person/who.ts'
import type { JourneyState } from '../../state.ts'
import { putShared, withoutPassword } from '../../state.ts'
import { ofTheTree, resourceSetting, tellRefused, waiting } from './create-object.ts'

const outcomes: readonly Outcome[] = [
  { id: 'PATCHED', displayName: 'Patched' },
  { id: 'FAILURE', displayName: 'Failure' },
]

/** Writes what was collected to an account (PingAM: Patch Object node). A password ends what it ends everywhere. */
export const patchObject = nodeType({
  type: 'PatchObjectNode',
  name: 'Patch Object',
  tags: ['identity management'],
  settings: {
    patchAsObject: nodeSetting('Patch As Object', flag, false, 'As the user themselves.'),
    ignoredFields: nodeSetting(
      'Ignored Fields',
      texts,
      [],
      'Names, or paths with `/`, that are not written.',
    ),
    identityResource: resourceSetting,
    identityAttribute: identitySetting('userName'),
  },
  outcomes: () => outcomes,
  acts: always,
  async process(turn, { patchAsObject, ignoredFields, identityResource, identityAttribute }) {
    ofTheTree(turn, identityResource)
    const { realm, state, running, people } = turn
    const before = await meantIn(turn, identityAttribute).catch(notFound)
    if (before === undefined || isOthers(turn, before)) return passed('FAILURE', state)
    const attributes = without(withoutNameThen(turn), ignoredFields)
    if (Object.keys(attributes).length === 0) return passed('PATCHED', state)
    const put = await people.patch(realm, before.sub, attributes, {
      ...{ by: `journey ${running.outer}`, own: patchAsObject },
      ...{ epoch: state.user?.epoch, confirmed: state.confirmed },
    })
    if (put.kind === 'refused') {
      tellRefused(turn, put.problems)
      return passed('FAILURE', state)
    }
    const password = Object.hasOwn(attributes, 'password')
    return passed('PATCHED', followed(withoutPassword(state), before, put.user, password))
  },
})

/** The name by which they were found is none that was chosen for them: they may have been given another one since. */
function withoutNameThen(turn: Turn): JsonObject {
  const { userName, ...rest } = waiting(turn)
  const isChosen = userName !== undefined && !isNameThen(turn.state, userName)
  return isChosen ? { userName, ...rest } : rest
}

/** Where nobody was found but by a session, the session says whose account it is: what was collected does not choose another one. */
function isOthers({ state, visit: { session } }: Turn, { sub }: EndUser): boolean {
  const bound = state.user !== undefined && state.ofSession !== true
  return !bound && session !== undefined && session.sub !== sub
}

function notFound(error: unknown): undefined {
  if (!(error instanceof NodeError)) throw error
}

function without(attributes: JsonObject, paths: readonly string[]): JsonObject {
  const names = paths.map((path) => path.split('/').filter((name) => name !== ''))
  return names.reduce(withoutOne, attributes)
}

function withoutOne(object: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject {
  const { [name]: value, ...others } = object
  if (rest.length === 0 || !isObject(value)) return rest.length === 0 ? others : object
  const left = withoutOne(value, rest)
  return Object.keys(left).length === 0 ? others : { ...object, [name]: left }
}

/**
 * The journey goes on with the account as its own change left it. What somebody else ended meanwhile raised the counter
 * by more, and stays ended.
 */
function followed(
  state: JourneyState,
  before: EndUser,
  after: EndUser,
  password: boolean,
): JourneyState {
  const renamed =
    before.username === after.username
      ? state
      : { ...putShared(state, { username: after.username }), namedThen: after.username }
  const { user } = state
  const own = password ? 1 : 0
  if (user?.sub !== after.sub || user.epoch !== before.epoch) return renamed
  if (after.epoch - before.epoch > own) return renamed
  return { ...renamed, user: { sub: after.sub, epoch: after.epoch } }
}
