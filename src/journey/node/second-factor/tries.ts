import { event } from '../../../base/log.ts'
import { OAuthError } from '../../../protocol/error.ts'
import type { Quota } from '../../../realm/quota.ts'
import { counted, ratesOf } from '../../../realm/quota.ts'
import type { Realm } from '../../../realm/realm.ts'

/** Wrong codes of one account: so many at once, then one in five minutes, whoever tries and from wherever. */
const rate = { most: 10, perSecond: 1 / 300, free: 0 } as const

/**
 * Checks a code, which counts before it is checked unless it is right (C-34): so many for one name, over all journeys and
 * processes. Whether it is right; or the seconds after which the next one is checked, where there were too many.
 */
export async function counting(
  realm: Realm,
  quota: Quota,
  name: string,
  check: () => boolean | Promise<boolean>,
): Promise<boolean | number> {
  const rates = ratesOf(realm.records)
  const of = counted(realm, quota, name)
  const wait = await rates.take(of, rate, realm.now)
  if (wait > 0) {
    const what = { realm: realm.path, sub: name, reason: 'too many wrong codes' }
    event('login.held_off', what, 'warn')
    return wait
  }
  let right: boolean | undefined
  try {
    right = await check()
    return right
  } finally {
    if (right !== false) rates.giveBack(of)
  }
}

/**
 * Checks a code of an account, which counts before it is checked unless it is right (C-34). @throws OAuthError
 * too_many_requests where there were too many.
 */
export async function guarded(
  realm: Realm,
  sub: string,
  check: () => Promise<boolean>,
): Promise<boolean> {
  const right = await counting(realm, 'second factor', sub, check)
  if (typeof right === 'boolean') return right
  throw new OAuthError('too_many_requests', 'Too many wrong tries', {
    reason: 'too many wrong codes',
    headers: { 'retry-after': String(right) },
  })
}
