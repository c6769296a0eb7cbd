import type { Realm } from '../realm/realm.ts'
import type { Journey } from './journey.ts'

/** Asks for name and password on one page. */
const login: Journey = {
  name: 'Login',
  entry: 'ask',
  places: {
    ask: {
      nodes: ['UsernameCollectorNode', 'PasswordCollectorNode'],
      outcomes: { outcome: 'check' },
    },
    check: {
      nodes: ['DataStoreDecisionNode'],
      outcomes: { true: 'success', false: 'failure' },
    },
  },
}

/** Asks for the password of the session's user, or of the hinted one, again; for both where there is neither. */
const password: Journey = {
  name: 'Password',
  entry: 'who',
  places: {
    who: { nodes: ['KnownUserNode'], outcomes: { known: 'password', unknown: 'ask' } },
    password: { nodes: ['PasswordCollectorNode'], outcomes: { outcome: 'check' } },
    ...login.places,
  },
}

const builtIn: ReadonlyMap<string, Journey> = new Map([login, password].map((j) => [j.name, j]))

/** The journeys there are. */
export const journeyNames: readonly string[] = [...builtIn.keys()]

/** The journey of that name, if the realm has enabled it; names are case-sensitive. */
export function findJourney(realm: Realm, name: string): Journey | undefined {
  return realm.provider.journeys.includes(name) ? builtIn.get(name) : undefined
}
