import type { HttpRequest } from '../base/http.ts'
import { lru } from '../base/lru.ts'
import { throttleKey } from '../base/throttle.ts'
import type { Client } from '../client/client.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import type { OpenedObject } from './request-object.ts'
import { openRequestObject } from './request-object.ts'

/** What came of the objects that one source sent for one client. Times are seconds. */
interface Sent {
  /** Bad ones since `since`; the last of all; and those that are being opened. */
  bad: number
  since: number
  last: number
  opening: number
}

/** So many bad ones in so many seconds are opened, and for so long is it remembered that there were any. */
const crowd = 20
const span = 5
const memory = 900

const sent = lru<Sent>(10_000)

/**
 * Opens a request object that anybody may have sent, since nobody has been authenticated: a signature or
 * a decryption costs several times a plain refusal. Good ones count for nothing. Bad ones do, by client
 * and source; from the first on those under way count too, so that many at once gain nothing.
 *
 * @throws OAuthError invalid_request_object, or too_many_requests before anything was opened.
 */
export async function openUnprovenObject(
  realm: Realm,
  client: Client,
  token: string,
  http: HttpRequest,
): Promise<OpenedObject> {
  const known = sentBy(realm, client, http)
  const now = realm.now()
  if (now < known.since || now - known.since >= span) {
    known.bad = 0
    known.since = now
  }
  if (now - known.last < memory && known.bad + known.opening >= crowd) {
    throw new OAuthError('too_many_requests', 'Too many wrong request objects', {
      why: 'request-object-tries',
      headers: { 'retry-after': String(span) },
    })
  }
  known.opening += 1
  try {
    return await openRequestObject(realm, client, token, http)
  } catch (error) {
    if (error instanceof OAuthError && error.code === 'invalid_request_object') {
      known.bad += 1
      known.last = now
    }
    throw error
  } finally {
    known.opening -= 1
  }
}

function sentBy(realm: Realm, client: Client, http: HttpRequest): Sent {
  const key = throttleKey(`${realm.path} ${client.client_id}`, http.peer)
  let known = sent.get(key)
  if (known === undefined) {
    known = { bad: 0, since: 0, last: Number.NEGATIVE_INFINITY, opening: 0 }
    sent.set(key, known)
  }
  return known
}
