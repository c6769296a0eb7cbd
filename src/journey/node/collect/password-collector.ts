import { passwordCallback } from '../../callback/basic.ts'
import { textOf } from '../../callback/callback.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { putTransient } from '../../state.ts'

/** Asks for the password (PingAM: Password Collector node). */
export const passwordCollector = nodeType({
  type: 'PasswordCollectorNode',
  name: 'Password Collector',
  tags: ['basic authn', 'basic authentication'],
  settings: {},
  outcomes: () => oneOutcome,
  process({ state, answers }) {
    const password = textOf(answers?.[0])
    if (password !== '') return passed('outcome', putTransient(state, { password }))
    return asks([passwordCallback('Password')], state)
  },
})
