import { allowance } from '../../base/allowance.ts'
import type { HttpResponse } from '../../base/http.ts'
import { memo } from '../../base/memo.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Store } from '../../store/store.ts'
import { crestError } from '../serve/crest.ts'

/** Questions of one caller at once, and the seconds after which there is one more. */
const most = 30
const every = 2

/** In memory of this process, of each store: who asks at the moment, and how often lately. */
const asking = memo((_records: Store) => ({
  under: new Set<string>(),
  lately: allowance(most, every),
}))

/**
 * Does the work of an answer that may read all rows of a day: one at a time of a caller, and so many in a while.
 * `caller`: an account or client, proven. Beyond that 429, with the seconds after which to come again.
 */
export async function atTheirRate(
  realm: Realm,
  caller: string,
  work: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { under, lately } = asking(realm.records)
  const wait = under.has(caller) ? 1 : lately.take(caller, realm.now())
  if (wait > 0)
    return crestError(429, 'Too many questions', undefined, { 'retry-after': String(wait) })
  under.add(caller)
  try {
    return await work()
  } finally {
    under.delete(caller)
  }
}
