import type { NodeType } from '../journey.ts'

/** Asks for the password (PingAM: Password Collector node). */
export const passwordCollector: NodeType = {
  outcomes: ['outcome'],
  questions: () => [{ type: 'PasswordCallback', prompt: 'Password', value: '' }],
  process(_realm, _visit, state, [password]) {
    if (!password) return { outcome: undefined, state }
    return { outcome: 'outcome', state: { ...state, password } }
  },
}
