import { flag, text, texts } from '../../../protocol/setting.ts'
import { createUsernameCallback } from '../../callback/attribute.ts'
import { nameCallback } from '../../callback/basic.ts'
import { isSet, textOf } from '../../callback/callback.ts'
import type { NodeResult, Turn } from '../../journey.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { titleOf } from '../../person/title.ts'
import type { JourneyState } from '../../state.ts'
import { putAttribute, putShared, textIn } from '../../state.ts'

/** Asks for the user name, as it is or as one that somebody new may have (PingAM: Platform Username node). */
export const validatedUsername = nodeType({
  type: 'ValidatedUsernameNode',
  name: 'Platform Username',
  tags: ['identity management'],
  settings: {
    usernameAttribute: nodeSetting('Username Attribute', text, 'userName', 'What it is kept as.'),
    validateInput: nodeSetting('Validate Username', flag, false, 'Whether it may be had anew.'),
    autocompleteValues: nodeSetting('Autocomplete Values', texts, [], 'For the field’s browser.'),
    prepopulate: nodeSetting('Prepopulate', flag, false, 'Shows the name that is known.'),
  },
  outcomes: () => oneOutcome,
  process(turn, { usernameAttribute, validateInput, prepopulate, autocompleteValues }) {
    const known = startOf(turn, prepopulate)
    if (validateInput) return validated(turn, usernameAttribute, known)
    if (turn.answers === undefined)
      return asks([nameCallback('User Name', known, autocompleteValues)], turn.state)
    return written(turn.state, usernameAttribute, textOf(turn.answers[0]))
  },
})

function startOf({ state, visit }: Turn, prepopulate: boolean): string {
  const collected = prepopulate ? textIn(state, 'username') : undefined
  return collected ?? (visit.tried || visit.login_hint) ?? ''
}

/** An empty name passes, and nothing is written (PingAM). */
function written(state: JourneyState, attribute: string, username: string): NodeResult {
  if (username === '') return passed('outcome', state)
  const kept = putAttribute(state, 'shared', attribute, username)
  return passed('outcome', putShared(kept, { username }))
}

async function validated(turn: Turn, attribute: string, known: string): Promise<NodeResult> {
  const { realm, people, state, answers } = turn
  const policies = people.policies(realm, attribute)
  const prompt = titleOf(attribute)
  if (answers === undefined)
    return asks([createUsernameCallback(prompt, known, { policies })], state)
  const value = textOf(answers[0])
  const validateOnly = isSet(answers[0], 1)
  const sub = state.user?.sub
  const problems = await people.problems(realm, { attribute, value, sub })
  if (problems.length === 0 && !validateOnly) return written(state, attribute, value)
  return asks([createUsernameCallback(prompt, value, { policies, problems, validateOnly })], state)
}
