import type { NodeType } from '../journey.ts'

/** Asks for the user name (PingAM: Username Collector node). */
export const usernameCollector: NodeType = {
  outcomes: ['outcome'],
  questions: (visit, { username }) => [
    {
      type: 'NameCallback',
      prompt: 'User Name',
      value: username ?? (visit.tried || visit.login_hint) ?? '',
    },
  ],
  process(_realm, _visit, state, [username]) {
    if (!username) return { outcome: undefined, state }
    return { outcome: 'outcome', state: { ...state, username } }
  },
}
