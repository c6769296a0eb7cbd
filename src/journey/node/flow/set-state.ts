import { textMap } from '../../../protocol/setting.ts'
import { nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { putShared, without } from '../../state.ts'

/** Puts texts into the state, in place of whatever was kept under their names (PingAM: Set State node). */
export const setState = nodeType({
  type: 'SetStateNode',
  name: 'Set State',
  tags: ['utilities'],
  settings: { attributes: nodeSetting('Attributes', textMap, {}, 'By their names.') },
  outcomes: () => oneOutcome,
  process: ({ state }, { attributes }) =>
    passed('outcome', putShared(without(state, ...Object.keys(attributes)), attributes)),
})
