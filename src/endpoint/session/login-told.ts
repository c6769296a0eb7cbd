import type { HttpRequest } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import type { Journey } from '../../journey/journey.ts'
import type { Progress } from '../../journey/run.ts'
import type { Realm } from '../../realm/realm.ts'
import type { EndUser } from '../../user/end-user.ts'
import { nameTried } from '../../user/name-tried.ts'

/** A journey has proven who somebody is, whether or not a session follows. */
export function tellSuccess(
  realm: Realm,
  http: HttpRequest,
  { name }: Journey,
  user: EndUser,
): void {
  http.trace.user = user.sub
  event('login.succeeded', { realm: realm.path, sub: user.sub, journey: name })
}

/** A journey has ended without that. */
export function tellFailure(realm: Realm, { name: journey }: Journey, step: Progress): void {
  const tried = step.kind === 'failure' ? step.tried : undefined
  const sub = step.kind === 'success' ? step.sub : undefined
  const { name, name_hash } = nameTried(realm, tried)
  event('login.failed', { realm: realm.path, journey, sub, name, name_hash })
}
