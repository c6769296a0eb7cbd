import { nameCallback } from '../../callback/basic.ts'
import { textOf } from '../../callback/callback.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { putShared, textIn } from '../../state.ts'

/** Asks for the user name (PingAM: Username Collector node). What is left empty is asked again. */
export const usernameCollector = nodeType({
  type: 'UsernameCollectorNode',
  name: 'Username Collector',
  tags: ['basic authn', 'basic authentication'],
  settings: {},
  outcomes: () => oneOutcome,
  process({ visit, state, answers }) {
    const username = textOf(answers?.[0])
    if (username !== '') return passed('outcome', putShared(state, { username }))
    const known = textIn(state, 'username') ?? (visit.tried || visit.login_hint) ?? ''
    return asks([nameCallback('User Name', known)], state)
  },
})
