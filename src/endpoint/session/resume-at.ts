import { encodeForm } from '../../base/form.ts'
import { people } from '../../config/user/people.ts'
import type { Around } from '../../journey/people.ts'
import type { Realm } from '../../realm/realm.ts'

/** What a journey is lent: where whoever comes with a mailed link goes on in it, and accounts. `goto`: where the login leads. */
export function resumeAt(realm: Realm, journey: string, goto?: string): Around {
  const resumeUri = (suspendedId: string): string => {
    const query = encodeForm([
      ['realm', realm.path],
      ['authIndexType', 'service'],
      ['authIndexValue', journey],
      ['suspendedId', suspendedId],
      ['goto', goto],
    ])
    return `${realm.url}/XUI/?${query}`
  }
  return { resumeUri, people }
}
