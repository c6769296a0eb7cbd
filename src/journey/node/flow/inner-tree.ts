import { flag, text } from '../../../protocol/setting.ts'
import type { Outcome } from '../../journey.ts'
import { nodeType, trueOrFalse } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'

const error: Outcome = { id: 'error', displayName: 'Error' }

/** Another journey, whose end is the outcome (PingAM: Inner Tree Evaluator node). */
export const innerTree = nodeType({
  type: 'InnerTreeEvaluatorNode',
  name: 'Inner Tree Evaluator',
  tags: ['utilities'],
  settings: {
    tree: nodeSetting('Tree Name', text, '', 'The journey that runs here.', { required: true }),
    displayErrorOutcome: nodeSetting(
      'Display Error Outcome',
      flag,
      false,
      'Whether what a node inside cannot do is an outcome; else it ends all.',
    ),
  },
  outcomes: ({ displayErrorOutcome }) =>
    displayErrorOutcome ? [...trueOrFalse, error] : trueOrFalse,
  process: ({ state }, { tree, displayErrorOutcome }) => ({
    ...{ kind: 'enter', journey: tree, catches: displayErrorOutcome, state },
  }),
})
