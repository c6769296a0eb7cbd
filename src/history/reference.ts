import { utf8 } from '../base/bytes.ts'
import { isObject, member, parseJson } from '../base/json.ts'
import type { HandleKind, RecordKey } from '../grant/handle.ts'
import { openHandle, pushedHandle } from '../grant/handle.ts'
import type { Realm } from '../realm/realm.ts'

const kinds: readonly HandleKind[] = ['request_uri', 'code', 'refresh', 'access', 'grant']

/** Members of an access token that is a JWT which lead to its record. */
const ids = ['jti', 'authGrantId', 'auditTrackingId'] as const

/**
 * The record that something leads to which a client has or had: a `request_uri`, a code, a token, an
 * `auditTrackingId`. Found by derivation, without any read; undefined for what this realm never made.
 * That a JWT's signature holds is not looked at, since what stands in it proves itself.
 */
export function recordNamed(realm: Realm, text: string): RecordKey | undefined {
  const handle = pushedHandle(text)
  if (handle !== undefined) return opened(realm, handle)
  const claims = claimsIn(text)
  for (const name of ids) {
    const id = claims === undefined ? undefined : member(claims, name)
    const key = typeof id === 'string' ? opened(realm, id) : undefined
    if (key !== undefined) return key
  }
  return undefined
}

function opened(realm: Realm, handle: string): RecordKey | undefined {
  for (const kind of kinds) {
    const found = openHandle(realm, kind, handle)
    if (found !== undefined) return found.key
  }
  return undefined
}

function claimsIn(text: string): Parameters<typeof member>[0] | undefined {
  const [, payload, signature] = text.split('.')
  if (payload === undefined || signature === undefined) return undefined
  const json = utf8(Buffer.from(payload, 'base64url'))
  const claims = json === undefined ? undefined : parseJson(json)
  return isObject(claims) ? claims : undefined
}
