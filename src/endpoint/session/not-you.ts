import { encodeForm } from '../../base/form.ts'
import type { NotYou } from '../../page/not-you.ts'
import type { Realm } from '../../realm/realm.ts'
import { sessionCsrf } from '../../session/csrf.ts'
import type { Session } from '../../session/session.ts'

/** For a page made for this session: leaving it leads to `goto`, or to the login page. */
export function notYouAt(realm: Realm, session: Session, goto: string | undefined): NotYou {
  const query = encodeForm([
    ['realm', realm.path],
    ['goto', goto],
  ])
  return {
    action: `${new URL(realm.url).pathname}/XUI/switch?${query}`,
    csrf: sessionCsrf(realm, session, 'switch'),
  }
}
