import type { KeyObject } from 'node:crypto'
import { createHmac } from 'node:crypto'
import { base64url, equalInConstantTime } from '../../base/bytes.ts'
import type { SingleUse } from '../../client/single-use.ts'
import { singleUse } from '../../client/single-use.ts'
import type { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Session } from '../../session/session.ts'

/** What a service is asked about: one authorization, in one session, by one agent. */
export interface About {
  readonly session: Pick<Session, 'token'>
  /** Key of the record, or digest of a request without one. */
  readonly subjectId: string
  readonly agent: string
}

/**
 * The `csrf` of a `consent_request` (C-6c): a nonce and when it was made, signed for what it is about. The
 * service gives it back as it came. It is another value than the one of a page here, so that a service
 * cannot answer in the place of that page.
 */
export function consentCsrf(realm: Realm, about: About): string {
  const signed = `${base64url(realm.random(12))}.${realm.now().toString(36)}`
  return `${signed}.${macOf(realm.secret(purpose), about, signed)}`
}

const purpose = 'remote consent'

/** Longer than an interaction may last, whatever is set: then nothing of it need be remembered. */
const longest = 86_400

/**
 * Whether a text is such a value about this, by any secret with which one may have been made that still
 * counts; then what may be used of it once: each `consent_request` is answered once at most.
 */
export function provenCsrf(
  realm: Realm,
  about: About,
  text: string,
  used: () => OAuthError,
): SingleUse | undefined {
  const [nonce = '', at = '', mac = '', ...more] = text.split('.')
  const signed = `${nonce}.${at}`
  const proven = realm
    .secrets(purpose)
    .some((secret) => equalInConstantTime(mac, macOf(secret, about, signed)))
  if (!proven || more.length > 0) return undefined
  const made = Number.parseInt(at, 36)
  if (realm.now() >= made + realm.provider.interactionLifetime) return undefined
  return singleUse(realm, ['consent request', about.agent, nonce], made + longest, used)
}

function macOf(secret: KeyObject, { session, subjectId, agent }: About, signed: string): string {
  const text = JSON.stringify([session.token, subjectId, agent, signed])
  return createHmac('sha256', secret).update(text).digest('base64url')
}
