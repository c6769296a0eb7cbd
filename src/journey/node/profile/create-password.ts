import { passwordCallback, textOutputCallback } from '../../callback/basic.ts'
import { textOf } from '../../callback/callback.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import { putTransient } from '../../state.ts'

/** Asks for a new password, twice (PingAM: Create Password node). */
export const createPassword = nodeType({
  type: 'CreatePasswordNode',
  name: 'Create Password',
  tags: ['basic authn', 'basic authentication'],
  settings: {
    minPasswordLength: nodeSetting(
      'Minimum Password Length',
      wholeOrText(0, 1024),
      8,
      'Characters that it has at least.',
    ),
  },
  outcomes: () => oneOutcome,
  process({ state, answers }, { minPasswordLength: least }) {
    const both = [passwordCallback('New Password'), passwordCallback('Confirm Password')]
    if (answers === undefined) return asks(both, state)
    const [password = '', again = ''] = answers.slice(0, 2).map((each) => textOf(each))
    const short = password.length < Math.max(least, 1)
    if (!short && password === again) return passed('outcome', putTransient(state, { password }))
    const text = short
      ? `The password must be at least ${least} characters long`
      : 'The passwords do not match'
    return asks([...both, textOutputCallback(text, '2')], state)
  },
})
