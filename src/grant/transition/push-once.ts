import type { Ready } from '../../base/ready.ts'
import type { Client } from '../../client/client.ts'
import type { SingleUse } from '../../client/single-use.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import type { Realm } from '../../realm/realm.ts'
import { derivedRecordKey, referenceOf, storeKey } from '../handle.ts'
import type { Reference } from './push.ts'
import { insertPushed } from './push.ts'

/** What a record's key is made of where it is not drawn: the same thing has the same record. */
export interface RecordSeed {
  /** Seconds: from then on it may be swept. */
  readonly sweepAfter: number
  readonly what: string
}

/**
 * The reference of a request that came signed through the browser (C-35): stored at the first visit,
 * found at every other, so that reloading begins nothing new. `spent`: another object had its `jti`.
 *
 * @throws OAuthError what `validate` throws; too_many_requests as a push does.
 */
export async function pushOnce(
  realm: Realm,
  client: Client,
  seed: RecordSeed,
  validate: () => Ready<AuthorizationRequest>,
  singleUse?: SingleUse,
): Promise<Pick<Reference, 'request_uri'> | 'spent'> {
  const { client_id, incarnation } = client
  const owner = incarnation === '' ? client_id : `${client_id} ${incarnation}`
  const key = derivedRecordKey(realm, seed.sweepAfter, `${owner} ${seed.what}`)
  const there = async (): Promise<boolean> => (await realm.records.get(storeKey(key))) !== undefined
  const kept = { request_uri: referenceOf(realm, key) }
  if (await there()) return kept
  const outcome = await insertPushed(
    realm,
    client,
    { request: await validate(), key, by_value: true },
    singleUse,
  )
  // Another visit with the same object may have been first: then there is no second use.
  return outcome === 'spent' && !(await there()) ? 'spent' : kept
}
