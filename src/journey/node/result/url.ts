import { text } from '../../../protocol/setting.ts'
import { nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { putShared } from '../../state.ts'

/** Where a success leads unless the request says so (PingAM: Success URL node). */
export const setSuccessUrl = nodeType({
  type: 'SetSuccessUrlNode',
  name: 'Success URL',
  tags: ['uri'],
  settings: {
    successUrl: nodeSetting('Success URL', text, '', 'A whole URL or a path.', { required: true }),
  },
  outcomes: () => oneOutcome,
  process: ({ state }, { successUrl }) => passed('outcome', putShared(state, { successUrl })),
})

/** The same of a failure (PingAM: Failure URL node). */
export const setFailureUrl = nodeType({
  type: 'SetFailureUrlNode',
  name: 'Failure URL',
  tags: ['uri'],
  settings: {
    failureUrl: nodeSetting('Failure URL', text, '', 'A whole URL or a path.', { required: true }),
  },
  outcomes: () => oneOutcome,
  process: ({ state }, { failureUrl }) => passed('outcome', putShared(state, { failureUrl })),
})
