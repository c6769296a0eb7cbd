import { event } from '../../base/log.ts'
import { tellStep } from '../../base/trace.ts'
import type { Client } from '../../client/client.ts'
import type { SingleUse } from '../../client/single-use.ts'
import { spentBefore } from '../../client/single-use.ts'
import type { Realm } from '../../realm/realm.ts'
import { encode } from '../codec.ts'
import { newRecordKey } from '../handle.ts'
import { grantExpiry } from '../lifetime.ts'
import type { Found, Grant, Redeemed } from '../record.ts'
import { schema } from '../record.ts'
import { insertRecord } from './write.ts'

/**
 * A grant without a request before it, redeemed from its first second. `answer` is made of the record
 * before it is written, so that no failure leaves anything spent and nothing sent.
 *
 * @throws OAuthError when what the call may use once had been used before.
 */
export async function grantDirect<T>(
  realm: Realm,
  client: Client,
  grant: Grant,
  singleUse: SingleUse | undefined,
  answer: (kept: Pick<Found, 'record' | 'key'>) => Promise<T>,
): Promise<T> {
  const { client_id, incarnation } = client
  const record: Redeemed = {
    v: schema,
    state: 'redeemed',
    client_id,
    incarnation,
    issuer: realm.issuer,
    validatedUnder: [realm.version, client.version],
    redirect_uri: '',
    redeem_by: 0,
    by_value: false,
    grant,
  }
  const expiry = grantExpiry(realm, grant)
  const key = newRecordKey(realm, expiry)
  const answered = await answer({ record, key })
  const outcome = await insertRecord(realm, key, encode(record), expiry, singleUse?.take())
  if (outcome === 'spent') throw spentBefore(singleUse)
  tellStep(key, 'granted')
  const { grant_type, sub, scope } = grant
  event('token.issued', { realm: realm.path, client_id, grant_type, sub, scope })
  return answered
}
