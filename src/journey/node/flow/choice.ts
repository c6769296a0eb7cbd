import { member } from '../../../base/json.ts'
import { text, texts } from '../../../protocol/setting.ts'
import { choiceCallback } from '../../callback/basic.ts'
import { numberOf } from '../../callback/callback.ts'
import type { Turn } from '../../journey.ts'
import { asks, NodeError, nodeType, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'

/**
 * Asks which way to go; where there is but one it is not asked (PingAM: Choice Collector node). Where a level was asked for,
 * a way that ends in success below it is none.
 */
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
  async process(turn, { choices: all, defaultChoice, prompt }) {
    const { state, answers } = turn
    const choices = await highEnough(turn, all)
    const [only, ...more] = choices
    if (only === undefined) throw new NodeError('there is nothing to choose from')
    if (more.length === 0) return passed(only, state)
    const chosen = choices[numberOf(answers?.[0]) ?? -1]
    if (chosen !== undefined) return passed(chosen, state)
    const usual = Math.max(choices.indexOf(defaultChoice), 0)
    return asks([choiceCallback(prompt, choices, usual)], state)
  },
})

/** All of them where none comes so high: then the end says so. */
async function highEnough(
  { running: { targetLevel }, state, mostRise }: Turn,
  choices: readonly string[],
): Promise<readonly string[]> {
  if (targetLevel === undefined) return choices
  const level = member(state.shared, 'authLevel')
  const wanted = targetLevel - (typeof level === 'number' ? level : 0)
  const rises = await Promise.all(choices.map((choice) => mostRise(choice)))
  const high = choices.filter((_, i) => (rises[i] ?? Number.POSITIVE_INFINITY) >= wanted)
  return rises.some((rise) => rise !== undefined && rise >= wanted) ? high : choices
}
