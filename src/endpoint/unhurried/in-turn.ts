import { HashBusy } from '../../base/hashing/lanes.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { isUrgent, noLongerUrgent, oneATurn } from '../../base/one-a-turn.ts'
import type { Ready } from '../../base/ready.ts'
import type { Realm } from '../../realm/realm.ts'
import { tooManyAtOnce } from '../../user/password.ts'
import type { Endpoint } from '../serve/endpoint.ts'

/** The endpoint's own answer: at once, or of what people wait for when its turn has come. */
export function inTurn(endpoint: Endpoint, realm: Realm, http: HttpRequest): Ready<HttpResponse> {
  const { unhurried } = endpoint
  if (unhurried === undefined) return endpoint.handle(realm, http)
  const made = oneATurn(() => endpoint.handle(realm, http), unhurried.hashed(realm, http))
  if (!(made instanceof Promise)) return made
  return made.catch((reason: unknown) => {
    if (!(reason instanceof HashBusy)) throw reason
    if (unhurried.crowded !== undefined) return unhurried.crowded(realm, http)
    throw tooManyAtOnce()
  })
}

/** Goes on with what was made; until it is there, nobody begins who can wait. */
export function untilAnswered(
  made: Promise<HttpResponse>,
  succeeded: (response: HttpResponse) => HttpResponse,
): Promise<HttpResponse> {
  isUrgent()
  return made.then(
    (response) => {
      noLongerUrgent()
      return succeeded(response)
    },
    (reason: unknown) => {
      noLongerUrgent()
      throw reason
    },
  )
}
