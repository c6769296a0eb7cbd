import { oneOf } from '../../../protocol/setting.ts'
import { nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'

/** Gives the journey more time, or less (PingAM: Update Journey Timeout node). */
export const updateTimeout = nodeType({
  type: 'UpdateJourneyTimeoutNode',
  name: 'Update Journey Timeout',
  tags: ['utilities'],
  settings: {
    operation: nodeSetting('Operation', oneOf('SET', 'MODIFY'), 'SET', 'Anew, or by so much.'),
    value: nodeSetting('Value', wholeOrText(-525_600, 525_600), 0, 'Minutes.', { required: true }),
  },
  outcomes: () => oneOutcome,
  process({ state }, { operation, value }) {
    const { set, add = 0 } = state.lasting ?? {}
    const before = set === undefined ? {} : { set }
    const lasting =
      operation === 'SET' ? { set: Math.max(value, 0) } : { ...before, add: add + value }
    return passed('outcome', { ...state, lasting })
  },
})
