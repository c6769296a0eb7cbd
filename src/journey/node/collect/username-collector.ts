import { flag, texts } from '../../../protocol/setting.ts'
import { nameCallback } from '../../callback/basic.ts'
import { textOf } from '../../callback/callback.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { putShared, textIn } from '../../state.ts'

/** Asks for the user name (PingAM: Username Collector node). What is left empty is asked again. */
export const usernameCollector = nodeType({
  type: 'UsernameCollectorNode',
  name: 'Username Collector',
  tags: ['basic authn', 'basic authentication'],
  settings: {
    autocompleteValues: nodeSetting('Autocomplete Values', texts, [], 'For the field’s browser.'),
    prepopulate: nodeSetting('Prepopulate Username', flag, false, 'Shows the name that is known.'),
  },
  outcomes: () => oneOutcome,
  process({ visit, state, answers }, { autocompleteValues, prepopulate }) {
    const username = textOf(answers?.[0])
    if (username !== '') return passed('outcome', putShared(state, { username }))
    const collected = prepopulate ? textIn(state, 'username') : undefined
    const known = collected ?? (visit.tried || visit.login_hint) ?? ''
    return asks([nameCallback('User Name', known, autocompleteValues)], state)
  },
})
