import { createHmac } from 'node:crypto'
import { base64url } from '../base/bytes.ts'
import type { Realm } from './realm.ts'

/** What the log has in place of a text that may be anything, a secret too: the same for the same text, and of no other use. */
export function logHash(realm: Pick<Realm, 'secret'>, text: string): string {
  return base64url(createHmac('sha256', realm.secret('log')).update(text).digest().subarray(0, 12))
}
