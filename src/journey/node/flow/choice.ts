import { text, texts } from '../../../protocol/setting.ts'
import { choiceCallback } from '../../callback/basic.ts'
import { numberOf } from '../../callback/callback.ts'
import { asks, NodeError, nodeType, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'

/** Asks which way to go; where there is but one it is not asked (PingAM: Choice Collector node). */
export const choiceCollector = nodeType({
  type: 'ChoiceCollectorNode',
  name: 'Choice Collector',
  tags: ['utilities'],
  settings: {
    choices: nodeSetting('Choices', texts, [], 'Each is an outcome.', { required: true }),
    defaultChoice: nodeSetting('Default Choice', text, '', 'The one that is chosen at first.'),
    prompt: nodeSetting('Prompt', text, '', 'What is asked.'),
  },
  outcomes: ({ choices }) => choices.map((id) => ({ id, displayName: id })),
  process({ state, answers }, { choices, defaultChoice, prompt }) {
    const [only, ...more] = choices
    if (only === undefined) throw new NodeError('there is nothing to choose from')
    if (more.length === 0) return passed(only, state)
    const chosen = choices[numberOf(answers?.[0]) ?? -1]
    if (chosen !== undefined) return passed(chosen, state)
    const usual = Math.max(choices.indexOf(defaultChoice), 0)
    return asks([choiceCallback(prompt, choices, usual)], state)
  },
})
