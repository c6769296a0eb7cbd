import { event } from '../../../base/log.ts'
import { OAuthError } from '../../../protocol/error.ts'
import { counted, ratesOf } from '../../../realm/quota.ts'
import type { Realm } from '../../../realm/realm.ts'

/** Wrong codes of one account: so many at once, then one in five minutes, whoever tries and from wherever. */
const rate = { most: 10, perSecond: 1 / 300, free: 0 } as const

/**
 * Checks a code of an account, which counts before it is checked unless it is right (C-34). @throws OAuthError
 * too_many_requests where there were too many.
 */
export async function guarded(
  realm: Realm,
  sub: string,
  check: () => Promise<boolean>,
): Promise<boolean> {
  const rates = ratesOf(realm.records)
  const of = counted(realm, 'second factor', sub)
  const wait = await rates.take(of, rate, realm.now)
  if (wait > 0) {
    event('login.held_off', { realm: realm.path, sub, reason: 'too many wrong codes' }, 'warn')
    throw new OAuthError('too_many_requests', 'Too many wrong tries', {
      reason: 'too many wrong codes',
      headers: { 'retry-after': String(wait) },
    })
  }
  let right: boolean | undefined
  try {
    right = await check()
    return right
  } finally {
    if (right !== false) rates.giveBack(of)
  }
}
