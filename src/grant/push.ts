import { event } from '../base/log.ts'
import type { Client } from '../client/client.ts'
import type { Realm } from '../realm/realm.ts'
import type { AuthorizationRequest } from '../spec/authorization-request.ts'
import type { Mark } from '../store/store.ts'
import { admitPush, releasePush } from './admission.ts'
import { handleOf, newRecordKey } from './handle.ts'
import type { AuthorizationRecord } from './record.ts'
import { encode, insertRecord, schema } from './record.ts'

/** RFC 9126 §2.2: the prefix of pushed request URIs. */
export const requestUriPrefix = 'urn:ietf:params:oauth:request_uri:'

export interface Pushed {
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
  mark?: Mark,
): Promise<Pushed | 'spent'> {
  const expires_in = realm.provider.parRequestUriLifetime
  const redeem_by = realm.now() + expires_in
  const record: AuthorizationRecord = {
    v: schema,
    state: 'pushed',
    client_id: client.client_id,
    issuer: realm.issuer,
    stamp: [realm.version, client.version],
    redirect_uri: request.redirect_uri,
    request,
    redeem_by,
  }
  const encoded = encode(record)
  const bytes = encoded.length
  admitPush(realm, client.client_id, redeem_by, bytes)
  const key = newRecordKey(realm, redeem_by)
  try {
    if ((await insertRecord(realm, key, encoded, redeem_by, mark)) === 'spent') {
      releasePush(realm, client.client_id, redeem_by, bytes)
      return 'spent'
    }
  } catch (error) {
    releasePush(realm, client.client_id, redeem_by, bytes)
    throw error
  }
  event('par.stored', { realm: realm.path, client_id: client.client_id, bytes }, 'debug')
  const handle = handleOf(realm, 'request_uri', key)
  const form = realm.provider.parRequestUriForm
  return { request_uri: form === 'bare' ? handle : requestUriPrefix + handle, expires_in }
}

/** The handle in a `request_uri`, in either form; undefined for references of another kind. */
export function pushedHandle(request_uri: string): string | undefined {
  if (request_uri.startsWith(requestUriPrefix)) return request_uri.slice(requestUriPrefix.length)
  return /^[\w-]+$/.test(request_uri) ? request_uri : undefined
}
