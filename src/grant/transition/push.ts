import { event } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import type { Client } from '../../client/client.ts'
import type { SingleUse } from '../../client/mark.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Outcome } from '../../store/store.ts'
import { admitPush, releasePush } from '../admission.ts'
import { encode } from '../codec.ts'
import type { RecordKey } from '../handle.ts'
import { derivedRecordKey, newRecordKey, referenceOf, storeKey } from '../handle.ts'
import type { Pushed } from '../record.ts'
import { schema } from '../record.ts'

/** What a push is answered with (RFC 9126 §2.2). */
export interface Reference {
  readonly request_uri: string
  /** Seconds. */
  readonly expires_in: number
}

/**
 * Stores a validated request and gives its reference. Settles when the record is durable. `spent`
 * when the mark (the assertion's `jti`) had been used before; then nothing is stored.
 *
 * @throws OAuthError too_many_requests when the client has too much outstanding.
 */
export async function push(
  realm: Realm,
  client: Client,
  request: AuthorizationRequest,
  mark?: SingleUse,
): Promise<Reference | 'spent'> {
  const expires_in = realm.provider.parRequestUriLifetime
  const key = newRecordKey(realm, realm.now() + expires_in)
  const outcome = await insertPushed(realm, client, { request, key, by_value: false }, mark)
  if (outcome === 'spent') return 'spent'
  if (outcome === 'lost') throw new Error('a new record key was taken')
  return { request_uri: referenceOf(realm, key), expires_in }
}

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
 * @throws OAuthError what `validate` throws; too_many_requests as above.
 */
export async function pushOnce(
  realm: Realm,
  client: Client,
  seed: RecordSeed,
  validate: () => Ready<AuthorizationRequest>,
  mark?: SingleUse,
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
    mark,
  )
  // Another visit with the same object may have been first: then there is no second use.
  return outcome === 'spent' && !(await there()) ? 'spent' : kept
}

interface Validated {
  readonly request: AuthorizationRequest
  readonly key: RecordKey
  readonly by_value: boolean
}

async function insertPushed(
  realm: Realm,
  client: Client,
  { request, key, by_value }: Validated,
  mark: SingleUse | undefined,
): Promise<Outcome> {
  const { client_id, incarnation } = client
  const redeem_by = realm.now() + realm.provider.parRequestUriLifetime
  const record: Pushed = {
    v: schema,
    state: 'pushed',
    client_id,
    incarnation,
    issuer: realm.issuer,
    validatedUnder: [realm.version, client.version],
    redirect_uri: request.redirect_uri,
    request,
    redeem_by,
    by_value,
  }
  const encoded = encode(record)
  const bytes = encoded.length
  admitPush(realm, client_id, redeem_by, bytes)
  let outcome: Outcome | undefined
  try {
    // Taken last: what a refusal by admission left untaken is spent by itself.
    outcome = await realm.records.insert(storeKey(key), encoded, redeem_by, mark?.take())
  } finally {
    if (outcome !== 'won') releasePush(realm, client_id, redeem_by, bytes)
  }
  if (outcome === 'won') event('par.stored', { realm: realm.path, client_id, bytes }, 'debug')
  return outcome
}
