import { sourceOf } from '../../base/address.ts'
import type { HttpRequest } from '../../base/http.ts'
import type { Turn } from '../../base/turns.ts'
import type { Realm } from '../../realm/realm.ts'
import { deviceOf, lineOf, numberOfDevice } from '../../user/device.ts'

/**
 * Whose login a request is, before it is known who they are: a browser that has logged in before waits behind no
 * stranger of its address (C-34). Undefined where it can bring no password: a journey begins with no body, or an empty one.
 */
export function visitorOf(realm: Realm, http: HttpRequest): Turn | undefined {
  const empty = http.body.length <= 2 && http.headers['x-openam-password'] === undefined
  if (empty) return undefined
  const device = deviceOf(http)
  const number = device === undefined ? undefined : numberOfDevice(realm, device)
  const { peer } = http
  return { kind: 'login', source: number === undefined ? sourceOf(peer) : lineOf(number, peer) }
}
