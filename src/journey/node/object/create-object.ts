import type { JsonObject } from '../../../base/json.ts'
import { event } from '../../../base/log.ts'
import type { Problem } from '../../../protocol/problem.ts'
import { text } from '../../../protocol/setting.ts'
import type { Outcome, Turn } from '../../journey.ts'
import { always, NodeError, nodeType, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { identify, objectIn, putShared, textIn, valueIn, withoutPassword } from '../../state.ts'

const outcomes: readonly Outcome[] = [
  { id: 'CREATED', displayName: 'Created' },
  { id: 'FAILURE', displayName: 'Failure' },
]

export const resourceSetting = nodeSetting(
  'Identity Resource',
  text,
  'managed/user',
  'Whose objects they are: those of the tree.',
)

/** Makes an account of what was collected (PingAM: Create Object node). */
export const createObject = nodeType({
  type: 'CreateObjectNode',
  name: 'Create Object',
  tags: ['identity management'],
  settings: { identityResource: resourceSetting },
  outcomes: () => outcomes,
  acts: always,
  async process(turn, { identityResource }) {
    ofTheTree(turn, identityResource)
    const { realm, state, running, people } = turn
    const attributes = { ...named(turn), ...waiting(turn) }
    const by = `journey ${running.outer}`
    const { confirmed, unclaimed } = state
    const put = await people.create(realm, attributes, { by, confirmed, unclaimed })
    if (put.kind === 'refused') {
      tellRefused(turn, put.problems)
      return passed('FAILURE', state)
    }
    const { user } = put
    const known = putShared(withoutPassword(state), { username: user.username, _id: user.sub })
    return passed('CREATED', identify(known, user))
  },
})

/** @throws NodeError where the node is about other objects than its tree. */
export function ofTheTree({ running }: Turn, identityResource: string): void {
  const { identityResource: own } = running
  if (own !== undefined && own !== identityResource)
    throw new NodeError(`the tree is of ${own}, not of ${identityResource}`)
}

/** What waits to be written, terms that were accepted among it. */
export function waiting({ state }: Turn): JsonObject {
  const terms = valueIn(state, 'termsAccepted')
  const attributes = objectIn(state, 'objectAttributes')
  return terms === undefined ? attributes : { ...attributes, termsAccepted: terms }
}

function named({ state }: Turn): JsonObject {
  const userName = textIn(state, 'username')
  return userName === undefined ? {} : { userName }
}

/** Says which attributes stood against it, and what they should be; never what they were. */
export function tellRefused({ realm, running, id }: Turn, problems: readonly Problem[]): void {
  const reason = problems.map(({ path, text: why }) => `${path} ${why}`).join(', ')
  event('journey.refused', { realm: realm.path, journey: running.outer, node: id, reason }, 'warn')
}
