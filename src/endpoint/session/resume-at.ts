import { encodeForm } from '../../base/form.ts'
import type { Realm } from '../../realm/realm.ts'

/** Where whoever comes with a mailed link goes on in a journey (PingAM: `resumeURI`); `goto`: where the login leads. */
export function resumeAt(
  realm: Realm,
  journey: string,
  goto?: string,
): (suspendedId: string) => string {
  return (suspendedId) => {
    const query = encodeForm([
      ['realm', realm.path],
      ['authIndexType', 'service'],
      ['authIndexValue', journey],
      ['suspendedId', suspendedId],
      ['goto', goto],
    ])
    return `${realm.url}/XUI/?${query}`
  }
}
