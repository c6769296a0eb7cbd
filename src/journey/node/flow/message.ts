import { text } from '../../../protocol/setting.ts'
import { confirmationCallback, textOutputCallback } from '../../callback/basic.ts'
import { numberOf } from '../../callback/callback.ts'
import { asks, nodeType, passed, trueOrFalse } from '../../journey.ts'
import { localized, localText, nodeSetting } from '../../node-setting.ts'
import { putShared } from '../../state.ts'

const [yes, no] = [0, 1]

/** Says something and asks for yes or no (PingAM: Message node). */
export const message = nodeType({
  type: 'MessageNode',
  name: 'Message Node',
  tags: ['utilities'],
  settings: {
    message: nodeSetting('Message', localText, {}, 'What is said, by locale.'),
    messageYes: nodeSetting('Positive answer', localText, {}, 'Its first button, by locale.'),
    messageNo: nodeSetting('Negative answer', localText, {}, 'Its second, by locale.'),
    stateField: nodeSetting('Shared State Property Name', text, '', 'What keeps the answer.'),
  },
  outcomes: () => trueOrFalse,
  process({ visit: { locales }, state, answers }, { message: said, stateField, ...buttons }) {
    const chosen = numberOf(answers?.[1])
    if (chosen === yes || chosen === no) {
      const kept = stateField === '' ? state : putShared(state, { [stateField]: chosen })
      return passed(chosen === yes ? 'true' : 'false', kept)
    }
    const options = [
      localized(buttons.messageYes, locales) ?? 'Yes',
      localized(buttons.messageNo, locales) ?? 'No',
    ]
    const shown = textOutputCallback(localized(said, locales) ?? 'Default message')
    return asks([shown, confirmationCallback(options, no)], state)
  },
})
