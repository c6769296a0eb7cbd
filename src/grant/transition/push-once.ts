import type { Ready } from '../../base/ready.ts'
import type { Client } from '../../client/client.ts'
import type { SingleUse } from '../../client/single-use.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import type { Realm } from '../../realm/realm.ts'
import type { RecordKey } from '../handle.ts'
import { derivedRecordKeys, referenceOf, storeKey } from '../handle.ts'
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
  const keys = derivedRecordKeys(realm, seed.sweepAfter, `${owner} ${seed.what}`)
  const [key] = keys as readonly [RecordKey, ...RecordKey[]]
  const there = async (): Promise<RecordKey | undefined> => {
    for (const each of keys)
      if ((await realm.records.get(storeKey(each))) !== undefined) return each
    return undefined
  }
  const reference = (of: RecordKey): Pick<Reference, 'request_uri'> => ({
    request_uri: referenceOf(realm, of),
  })
  const before = await there()
  if (before !== undefined) return reference(before)
  const request = await validate()
  const redeem_by = realm.now() + realm.provider.parRequestUriLifetime
  const validated = { request, key, by_value: true, redeem_by }
  const outcome = await insertPushed(realm, client, validated, singleUse)
  if (outcome !== 'spent') return reference(key)
  // Another visit with the same object may have been first: then there is no second use.
  const first = await there()
  return first === undefined ? 'spent' : reference(first)
}
