import { flag } from '../../../protocol/setting.ts'
import { nodeType, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { foundBySession } from '../../person/who.ts'
import { putShared } from '../../state.ts'

/**
 * Takes the user name from the browser's session, or else from the client's hint, so that only the
 * password need be asked again. A hint is but a hint: once a try with it has failed, the name is asked too.
 */
export const knownUser = nodeType({
  type: 'KnownUserNode',
  name: 'Known User',
  tags: ['basic authn'],
  settings: {
    useHint: nodeSetting(
      'Take the hint of the client',
      flag,
      true,
      'Whether it may be whom the client names; else only whoever has a session.',
    ),
  },
  outcomes: () => [
    { id: 'known', displayName: 'Known' },
    { id: 'unknown', displayName: 'Unknown' },
  ],
  process({ visit, state }, { useHint }) {
    const hinted = useHint && visit.tried === undefined ? visit.login_hint : undefined
    const { session } = visit
    const username = session?.username ?? hinted
    if (!username) return passed('unknown', state)
    const named = putShared(state, { username })
    return passed('known', session === undefined ? named : foundBySession(named, session))
  },
})
