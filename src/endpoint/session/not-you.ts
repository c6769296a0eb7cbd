import { encodeForm } from '../../base/form.ts'
import type { NotYou } from '../../page/not-you.ts'
import type { Realm } from '../../realm/realm.ts'
import { sessionCsrf } from '../../session/csrf.ts'
import type { Session } from '../../session/session.ts'

/** Below `/am`. */
export const switchPath = '/XUI/switch'

/** For a page made for this session: leaving it leads to `goto`, or to the login page. */
export function notYouAt(realm: Realm, session: Session, goto: string | undefined): NotYou {
  const query = encodeForm([
    ['realm', realm.path],
    ['goto', goto],
  ])
  return {
    action: `${new URL(realm.url).pathname}${switchPath}?${query}`,
    csrf: sessionCsrf(realm, session, 'switch'),
  }
}
