import type { KeyObject } from 'node:crypto'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { base64url, fromBase64url } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import { parseJsonObject } from '../base/json.ts'
import { openText, sealText } from '../base/sealed-text.ts'
import type { Realm } from '../realm/realm.ts'
import type { Progress, Reference } from './engine/record.ts'

/** `{"typ":"JWT","alg":"HS256"}`, as AM writes it; no other header is ever looked at. */
const head = base64url(Buffer.from('{"typ":"JWT","alg":"HS256"}'))

const longest = 16_384

/** Bytes of a journey that travels in its first `authId`, so that nothing is stored before somebody answers. */
export const longestInitial = 4096

/** What is sealed in an `authId`. */
interface Sealed {
  readonly id: string
  readonly step: number
  readonly bound: string
  readonly initial?: Progress | undefined
}

/** What a genuine `authId` names. */
export interface AuthId extends Reference {
  readonly journey: string
  /** See `Progress`. */
  readonly bound: string
}

/**
 * The `authId` of a step: a JWT of AM's claims (PingAM: authn-rest), what it names sealed within, so that
 * neither client nor log reads what has been answered so far.
 */
export function sealAuthId(realm: Realm, reference: Reference, progress: Progress): string {
  const otk = oneTimeKey(realm)
  const { id, step, initial } = reference
  const { bound, index } = progress
  const sealed: Sealed = { id: base64url(id), step, bound, initial }
  const claims = {
    ...(index === undefined ? {} : { authIndexValue: index[1] }),
    otk,
    ...(index === undefined ? {} : { authIndexType: index[0] }),
    realm: realm.path,
    sessionId: seal(realm, placeOf(otk), JSON.stringify({ journey: progress.journey, ...sealed })),
    exp: progress.until,
    iat: realm.now(),
  }
  const signed = `${head}.${base64url(Buffer.from(JSON.stringify(claims)))}`
  return `${signed}.${base64url(macOf(realm.secret('auth-id'), signed))}`
}

/**
 * What is sealed is sealed for one `authId`, and for versions that know its form: one before takes it for none of its
 * own, as whatever nobody signed, instead of failing over what it does not find there.
 */
function placeOf(otk: string): string {
  return `reference ${otk}`
}

/** 128 random bits to the base 32, in AM's 26 characters. */
function oneTimeKey({ random }: Pick<Realm, 'random'>): string {
  return BigInt(`0x${random(16).toString('hex')}`)
    .toString(32)
    .padStart(26, '0')
}

/** What an `authId` names; `expired` for a genuine one that is too old, undefined for any other text. */
export function openAuthId(realm: Realm, authId: string): AuthId | 'expired' | undefined {
  const claims = claimsOf(realm, authId)
  if (claims === undefined) return undefined
  const { otk, sessionId, exp } = claims
  if (typeof otk !== 'string' || typeof sessionId !== 'string' || typeof exp !== 'number')
    return undefined
  if (realm.now() >= exp) return 'expired'
  const text = unseal(realm, placeOf(otk), sessionId)
  // One of a version before this one, which had all in it, names nothing that could be gone on with.
  if (text === undefined) return unseal(realm, otk, sessionId) === undefined ? undefined : 'expired'
  const { journey, id, step, bound, initial } = JSON.parse(text) as Sealed & { journey: string }
  return { journey, id: fromBase64url(id) as Buffer, step, bound, initial }
}

/** When a genuine `authId` was made, however long ago; undefined for any other text. */
export function authIdMade(realm: Realm, authId: string): number | undefined {
  const iat = claimsOf(realm, authId)?.iat
  return typeof iat === 'number' ? iat : undefined
}

/**
 * What a link that resumes a suspended journey carries (PingAM: `suspendedId`): which journey, and at which of its steps,
 * so that the link of one letter is none of another that the same journey sends later. `address`: to which the letter goes,
 * where that has to be the same still once the link is opened.
 */
export function suspendedIdOf(
  realm: Realm,
  { id, step }: Pick<Reference, 'id' | 'step'>,
  address?: string,
): string {
  const place = Buffer.alloc(suspendedBytes.place)
  id.copy(place)
  place.writeUIntBE(step, id.length, 3)
  const secret = realm.secret('auth-id')
  const named =
    address === undefined ? place : Buffer.concat([place, addressMac(secret, place, address)])
  return base64url(Buffer.concat([named, suspendedMac(secret, named)]))
}

/** What a link names. */
export interface Suspended extends Pick<Reference, 'id' | 'step'> {
  /** Whether its letter may have gone to that address; one that does not say to which may have gone to any. */
  readonly isSentTo: (address: string) => boolean
}

/** What a `suspendedId` names; undefined for a text this realm never made. */
export function openSuspendedId(realm: Realm, text: string): Suspended | undefined {
  const raw = text.length <= 56 ? fromBase64url(text) : undefined
  const { place: short, address, mac } = suspendedBytes
  if (raw?.length !== short + mac && raw?.length !== short + address + mac) return undefined
  const named = raw.subarray(0, -mac)
  const secrets = realm.secrets('auth-id')
  const proof = raw.subarray(-mac)
  if (!secrets.some((secret) => timingSafeEqual(proof, suspendedMac(secret, named))))
    return undefined
  const [place, sentTo] = [named.subarray(0, short), named.subarray(short)]
  return {
    ...{ id: place.subarray(0, 16), step: place.readUIntBE(16, 3) },
    isSentTo: (to) =>
      sentTo.length === 0 ||
      secrets.some((secret) => timingSafeEqual(sentTo, addressMac(secret, place, to))),
  }
}

const suspendedBytes = { place: 19, address: 9, mac: 14 } as const

function suspendedMac(secret: KeyObject, named: Buffer): Buffer {
  const mac = createHmac('sha256', secret).update('suspended').update(named).digest()
  return mac.subarray(0, suspendedBytes.mac)
}

/** Nobody tells the address by the link. Case does not make another mailbox. */
function addressMac(secret: KeyObject, place: Buffer, address: string): Buffer {
  const mac = createHmac('sha256', secret).update('sent to').update(place)
  return mac.update(address.toLowerCase()).digest().subarray(0, suspendedBytes.address)
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

function seal(realm: Realm, place: string, text: string): string {
  return base64url(sealText(realm.secret('auth-id state'), realm.random(12), place, text))
}

function unseal(realm: Realm, place: string, sealed: string): string | undefined {
  const raw = fromBase64url(sealed)
  if (raw === undefined) return undefined
  for (const key of realm.secrets('auth-id state')) {
    const text = openText(key, place, raw)
    if (text !== undefined) return text
  }
  return undefined
}
