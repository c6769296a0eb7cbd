import { flag, text } from '../../../protocol/setting.ts'
import { createPasswordCallback } from '../../callback/attribute.ts'
import { passwordCallback } from '../../callback/basic.ts'
import { isSet, textOf } from '../../callback/callback.ts'
import type { NodeResult, Turn } from '../../journey.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { titleOf } from '../../person/title.ts'
import { nameTriedIn } from '../../person/tried.ts'
import type { JourneyState } from '../../state.ts'
import { putAttribute, putTransient } from '../../state.ts'

/** Asks for the password, as it is or as a new one (PingAM: Platform Password node). An empty one is asked again. */
export const validatedPassword = nodeType({
  type: 'ValidatedPasswordNode',
  name: 'Platform Password',
  tags: ['identity management'],
  settings: {
    passwordAttribute: nodeSetting('Password Attribute', text, 'password', 'What it is kept as.'),
    validateInput: nodeSetting('Validate Password', flag, false, 'Whether it may be had anew.'),
  },
  outcomes: () => oneOutcome,
  process(turn, { passwordAttribute, validateInput }) {
    if (validateInput) return validated(turn, passwordAttribute)
    const password = textOf(turn.answers?.[0])
    if (password === '') return asks([passwordCallback('Password')], turn.state)
    return passed('outcome', written(turn.state, passwordAttribute, password))
  },
})

function written(state: JourneyState, attribute: string, password: string): JourneyState {
  return putTransient(putAttribute(state, 'transient', attribute, password), { password })
}

async function validated(turn: Turn, attribute: string): Promise<NodeResult> {
  const { realm, people, state, answers } = turn
  const policies = people.policies(realm, 'password')
  const prompt = titleOf(attribute)
  if (answers === undefined) return asks([createPasswordCallback(prompt, { policies })], state)
  const value = textOf(answers[0])
  const validateOnly = isSet(answers[0], 1)
  const username = (await nameTriedIn(turn)) ?? ''
  const problems = await people.problems(realm, { attribute: 'password', value, username })
  if (problems.length === 0 && !validateOnly)
    return passed('outcome', written(state, attribute, value))
  return asks([createPasswordCallback(prompt, { policies, problems, validateOnly })], state)
}
