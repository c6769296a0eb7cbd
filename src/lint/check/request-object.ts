/* Of the request object of a request; one that cannot be read is nobody's to judge before it was opened. */
import type { JsonObject } from '../../base/json.ts'
import type { Check, OfRequest } from '../rule.ts'

/** Seconds. */
const hour = 3600

/** A check of an object that can be read. */
function ofObject(
  check: (claims: JsonObject, of: OfRequest) => string | undefined,
): Check<OfRequest> {
  return (of) => of.request.object && check(of.request.object.claims, of)
}

export const isSigned: Check<OfRequest> = ({ request: { by, object, unreadable } }) => {
  if (by === 'reference' || unreadable) return undefined
  if (object === undefined) return 'it has no request object'
  return object.header.alg === 'none' ? 'its request object is not signed' : undefined
}

export const forIssuer = ofObject(({ aud }, { realm }) => {
  const all = Array.isArray(aud) ? aud : [aud]
  if (aud === undefined) return 'its aud is missing'
  return realm.issuer === '' || all.includes(realm.issuer) ? undefined : 'its aud is another one'
})

export const startsLately = ofObject(({ nbf }, { now }) => {
  if (typeof nbf !== 'number') return 'its nbf is missing'
  return now - nbf > hour ? 'its nbf is longer ago' : undefined
})

export const endsSoon = ofObject(({ nbf, exp }) => {
  if (typeof exp !== 'number') return 'its exp is missing'
  return typeof nbf === 'number' && exp - nbf > hour
    ? 'its exp is further behind its nbf'
    : undefined
})
