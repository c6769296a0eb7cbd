import type { KeyObject } from 'node:crypto'
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto'
import { base64url, fromBase64url, hmacSha256, type Mac } from '../base/bytes.ts'
import { memo } from '../base/memo.ts'
import type { HandleKey, Realm } from '../realm/realm.ts'

/** What of a realm the two texts of a session are made with. */
type Keyed = Pick<Realm, 'identity' | 'handleKeys'>

/** The public id of the session under this key: one block of AES. */
export function sidOf(realm: Keyed, key: Buffer): string {
  const secret = machineOf(realm.handleKeys[0] as HandleKey).id
  return base64url(createCipheriv('aes-256-ecb', secret, null).setAutoPadding(false).update(key))
}

/** Keys a public id may stand for: one for each version of the key outside the database. */
export function keysOfSid(realm: Keyed, sid: string): Buffer[] {
  const block = fromBase64url(sid)
  if (block?.length !== 16) return []
  return realm.handleKeys.map((each) => {
    const secret = machineOf(each).id
    return createDecipheriv('aes-256-ecb', secret, null).setAutoPadding(false).update(block)
  })
}

/** Key and MAC in base64url. The MAC needs a key from outside the store: having the store opens no session. */
export function tokenOf(realm: Keyed, key: Buffer): string {
  return base64url(Buffer.concat([key, macOf(realm, realm.handleKeys[0] as HandleKey, key)]))
}

/** The record's key a token claims to be for, which anybody may claim: only `openToken` proves it. */
export function claimedKey(token: string): Buffer | undefined {
  return token.length === 43 ? fromBase64url(token)?.subarray(0, 16) : undefined
}

/** The record's key a token is for; undefined for a token this realm never made. */
export function openToken(realm: Keyed, token: string): Buffer | undefined {
  if (token.length !== 43) return undefined
  const raw = fromBase64url(token)
  if (raw === undefined) return undefined
  const key = raw.subarray(0, 16)
  const mac = raw.subarray(16)
  const genuine = realm.handleKeys.some((each) => timingSafeEqual(macOf(realm, each, key), mac))
  return genuine ? key : undefined
}

function macOf(realm: Keyed, parent: HandleKey, key: Buffer): Buffer {
  const { mac } = machineOf(parent)
  return mac(Buffer.concat([key, Buffer.from(realm.identity)])).subarray(0, 16)
}

/** What is derived from one version of the key outside the database. */
interface Machine {
  readonly mac: Mac
  readonly id: KeyObject
}

const machineOf = memo(({ key: parent }: HandleKey): Machine => {
  const derived = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', parent, '', `parapet ${purpose}`, 32))
  return {
    mac: hmacSha256(derived('session token')),
    id: createSecretKey(derived('session id')),
  }
})

/** The record alone, whatever else the value carries: the token must not be written. */
