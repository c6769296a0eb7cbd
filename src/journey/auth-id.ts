import type { KeyObject } from 'node:crypto'
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import { base64url, fromBase64url } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import { parseJsonObject } from '../base/json.ts'
import type { Realm } from '../realm/realm.ts'
import type { Position } from './run.ts'

/** A journey in progress: all there is of it travels in the `authId`, nothing is kept here. */
export interface Progress {
  /** Name of the journey. */
  readonly journey: string
  readonly stand: Position
  /** What the browser must present beside it: a form's pre-login cookie; empty for JSON clients. */
  readonly bound: string
}

/** Seconds a user may take for one page. */
const lifetime = 300

/** `{"typ":"JWT","alg":"HS256"}`, as AM writes it; no other header is ever looked at. */
const head = base64url(Buffer.from('{"typ":"JWT","alg":"HS256"}'))

const longest = 8192

/**
 * The `authId` of a step: a JWT of AM's claims (PingAM: authn-rest), its state sealed within, so that
 * neither client nor log reads what has been answered so far.
 */
export function sealAuthId(realm: Realm, progress: Progress): string {
  const now = realm.now()
  const otk = base64url(realm.random(16))
  const claims = {
    authIndexValue: progress.journey,
    otk,
    authIndexType: 'service',
    realm: realm.path,
    sessionId: seal(realm, otk, JSON.stringify(progress)),
    exp: now + lifetime,
    iat: now,
  }
  const signed = `${head}.${base64url(Buffer.from(JSON.stringify(claims)))}`
  return `${signed}.${base64url(macOf(realm.secret('auth-id'), signed))}`
}

/** What an `authId` holds; `expired` for a genuine one that is too old, undefined for any other text. */
export function openAuthId(realm: Realm, authId: string): Progress | 'expired' | undefined {
  const claims = claimsOf(realm, authId)
  if (claims === undefined) return undefined
  const { otk, sessionId, exp } = claims
  if (typeof otk !== 'string' || typeof sessionId !== 'string' || typeof exp !== 'number')
    return undefined
  if (realm.now() >= exp) return 'expired'
  const progress = unseal(realm, otk, sessionId)
  return progress === undefined ? undefined : (JSON.parse(progress) as Progress)
}

/** When a genuine `authId` was made, however long ago; undefined for any other text. */
export function authIdMade(realm: Realm, authId: string): number | undefined {
  const iat = claimsOf(realm, authId)?.iat
  return typeof iat === 'number' ? iat : undefined
}

function claimsOf(realm: Realm, authId: string): JsonObject | undefined {
  if (authId.length > longest) return undefined
  const dot = authId.lastIndexOf('.')
  const signed = authId.slice(0, dot)
  const mac = fromBase64url(authId.slice(dot + 1))
  const proven = (secret: KeyObject): boolean =>
    mac?.length === 32 && timingSafeEqual(mac, macOf(secret, signed))
  if (!realm.secrets('auth-id').some(proven)) return undefined
  const claims = parseJsonObject(fromBase64url(signed.slice(head.length + 1))?.toString() ?? '')
  return signed.startsWith(`${head}.`) ? claims : undefined
}

function macOf(secret: KeyObject, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}

/** AES-256-GCM: 12 bytes of nonce, the text, 16 of tag. */
function seal(realm: Realm, otk: string, text: string): string {
  const nonce = realm.random(12)
  const cipher = createCipheriv('aes-256-gcm', realm.secret('auth-id state'), nonce)
  cipher.setAAD(Buffer.from(otk))
  return base64url(Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]))
}

function unseal(realm: Realm, otk: string, sealed: string): string | undefined {
  const raw = fromBase64url(sealed)
  if (raw === undefined || raw.length < 28) return undefined
  for (const key of realm.secrets('auth-id state')) {
    const text = opened(key, otk, raw)
    if (text !== undefined) return text
  }
  return undefined
}

function opened(key: KeyObject, otk: string, raw: Buffer): string | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, raw.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(otk))
  decipher.setAuthTag(raw.subarray(-16))
  try {
    return Buffer.concat([decipher.update(raw.subarray(12, -16)), decipher.final()]).toString()
  } catch {
    return undefined
  }
}
