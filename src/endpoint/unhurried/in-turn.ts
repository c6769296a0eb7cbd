import { HashBusy } from '../../base/hashing/lanes.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { oneATurn } from '../../base/one-a-turn.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Endpoint, Unhurried } from '../serve/endpoint.ts'

/** The endpoint's own answer, when its turn has come. */
export async function inTurn(
  { hashed, crowded }: Unhurried,
  endpoint: Endpoint,
  realm: Realm,
  http: HttpRequest,
): Promise<HttpResponse> {
  try {
    return await oneATurn(() => endpoint.handle(realm, http), hashed(realm, http))
  } catch (error) {
    if (error instanceof HashBusy) return await crowded(realm, http)
    throw error
  }
}
