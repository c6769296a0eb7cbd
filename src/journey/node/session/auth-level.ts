import { member } from '../../../base/json.ts'
import { nodeType, oneOutcome, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import type { JourneyState } from '../../state.ts'
import { putShared } from '../../state.ts'

/** The level a journey has come to. */
function levelOf({ shared }: JourneyState): number {
  const level = member(shared, 'authLevel')
  return typeof level === 'number' ? level : 0
}

const level = wholeOrText(-1_000_000, 1_000_000)

/** Whether the journey has come to a level (PingAM: Authentication Level Decision node). */
export const authLevelDecision = nodeType({
  type: 'AuthLevelDecisionNode',
  name: 'Auth Level Decision',
  tags: ['contextual'],
  settings: {
    authLevelRequirement: nodeSetting(
      ...(['Sufficient Authentication Level', level, 0, 'At least so high.'] as const),
      { required: true },
    ),
  },
  outcomes: () => trueOrFalse,
  process: ({ state }, { authLevelRequirement }) =>
    passed(levelOf(state) >= authLevelRequirement ? 'true' : 'false', state),
})

/** Raises or lowers it (PingAM: Modify Auth Level node). */
export const modifyAuthLevel = nodeType({
  type: 'ModifyAuthLevelNode',
  name: 'Modify Auth Level',
  tags: ['contextual'],
  settings: {
    authLevelIncrement: nodeSetting('Value To Add', level, 0, 'Less than 0 lowers it.', {
      required: true,
    }),
  },
  outcomes: () => oneOutcome,
  process: ({ state }, { authLevelIncrement }) =>
    passed('outcome', putShared(state, { authLevel: levelOf(state) + authLevelIncrement })),
})
