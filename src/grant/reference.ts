import type { Realm } from '../realm/realm.ts'
import type { RecordKey } from './handle.ts'
import { handleOf } from './handle.ts'

/** RFC 9126 §2.2: the prefix of pushed request URIs. */
export const requestUriPrefix = 'urn:ietf:params:oauth:request_uri:'

/** The `request_uri` of a record, in the form that the realm has chosen. */
export function referenceOf(realm: Realm, key: RecordKey): string {
  const handle = handleOf(realm, 'request_uri', key)
  return realm.provider.parRequestUriForm === 'bare' ? handle : requestUriPrefix + handle
}

/** The handle in a `request_uri`, in either form; undefined for references of another kind. */
export function pushedHandle(request_uri: string): string | undefined {
  if (request_uri.startsWith(requestUriPrefix)) return request_uri.slice(requestUriPrefix.length)
  return /^[\w-]+$/.test(request_uri) ? request_uri : undefined
}
