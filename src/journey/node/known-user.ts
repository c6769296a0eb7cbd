import type { NodeType } from '../journey.ts'

/**
 * Takes the user name from the browser's session, or else from the client's hint, so that only the
 * password need be asked again. A hint is but a hint: once a try with it has failed, the name is asked too.
 */
export const knownUser: NodeType = {
  outcomes: ['known', 'unknown'],
  questions: () => [],
  process(_realm, visit, state) {
    const username =
      visit.session?.username ?? (visit.tried === undefined ? visit.login_hint : undefined)
    if (!username) return { outcome: 'unknown', state }
    return { outcome: 'known', state: { ...state, username } }
  },
}
