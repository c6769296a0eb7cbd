import type { KeyObject } from 'node:crypto'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { sourceOf } from '../base/address.ts'
import { base64url, fromBase64url } from '../base/bytes.ts'
import type { HttpRequest } from '../base/http.ts'
import { cookies } from '../base/http.ts'
import type { Realm } from '../realm/realm.ts'
import type { EndUser } from './end-user.ts'

/**
 * C-34: a browser in which somebody logged in before keeps a proof of it, so that strangers who guess at
 * the account do not slow down its owner there. It opens nothing; nothing is stored about it. For each
 * account: when it was made (4 bytes), a number of its own (8), and an HMAC of both and the account (16). Half of the
 * number is drawn, and the other half an HMAC of what stands before it: so it is known as a number of this realm's before
 * it is known whose proof it is.
 */
const made = 4
const half = 8
const drawn = 12
const whole = 28

/** A year, in seconds. */
const lifetime = 31_536_000

/** Accounts of which one browser keeps a proof, the last ones first. */
const mostAccounts = 5

/** What the browser presents. Two cookies of the name mean that somebody else's site set one of them. */
export function deviceOf(http: HttpRequest): string | undefined {
  const [value, second] = cookies(http, cookieName(http))
  return second === undefined ? value : undefined
}

/** The number of a browser that this account has logged in with; undefined for any other browser. */
export function knownDevice(
  realm: Realm,
  device: string | undefined,
  { sub }: Pick<EndUser, 'sub'>,
): string | undefined {
  const proof = proofsIn(device).find((each) => proves(realm, each, sub))
  return proof === undefined ? undefined : numberIn(proof)
}

/** The number of a browser in which somebody has logged in, whoever it was; undefined where nobody has. */
export function numberOfDevice(realm: Realm, device: string): string | undefined {
  const proof = proofsIn(device).find((each) => isNumbered(realm, each))
  return proof === undefined ? undefined : numberIn(proof)
}

/**
 * In which line a browser of that number waits: one of sixteen of its address. Strangers there wait in another one, and
 * whoever collects numbers, one by each login, is still a few of all who wait and not as many as there are numbers.
 */
export function lineOf(number: string, peer: string): string {
  return `${sourceOf(peer)} ${number.slice(0, 1)}`
}

/** The `Set-Cookie` value after a login: the account's new proof, and those of others that are there. */
export function deviceCookie(realm: Realm, http: HttpRequest, { sub }: EndUser): string {
  const others = proofsIn(deviceOf(http)).filter((each) => !proves(realm, each, sub))
  const proofs = [newProof(realm, sub), ...others].slice(0, mostAccounts)
  const secure = http.origin.startsWith('https:') ? 'Secure; ' : ''
  const value = proofs.map(base64url).join('.')
  return `${cookieName(http)}=${value}; Max-Age=${lifetime}; Path=/; ${secure}HttpOnly; SameSite=Lax`
}

/** The prefix keeps sibling domains from setting it; browsers accept it on https only. */
function cookieName(http: HttpRequest): string {
  return http.origin.startsWith('https:') ? '__Host-parapet-device' : 'parapet-device'
}

function newProof(realm: Realm, sub: string): Buffer {
  const proof = Buffer.alloc(whole)
  proof.writeUInt32BE(realm.now())
  proof.set(realm.random(half - made), made)
  proof.set(macOf(realm.secret('device'), proof.subarray(0, half), '', drawn - half), half)
  proof.set(macOf(realm.secret('device'), proof.subarray(0, drawn), sub, whole - drawn), drawn)
  return proof
}

function numberIn(proof: Buffer): string {
  return proof.subarray(made, drawn).toString('hex')
}

function proofsIn(device = ''): readonly Buffer[] {
  return device.split('.', mostAccounts).flatMap((text) => {
    const proof = fromBase64url(text)
    return proof?.length === whole ? [proof] : []
  })
}

function proves(realm: Realm, proof: Buffer, sub: string): boolean {
  return isMade(realm, proof, { from: drawn, to: whole }, sub)
}

function isNumbered(realm: Realm, proof: Buffer): boolean {
  return isMade(realm, proof, { from: half, to: drawn }, '')
}

/** Whether a proof was made here within the year, by the HMAC that stands in it of what is before that. */
function isMade(
  realm: Realm,
  proof: Buffer,
  { from, to }: { readonly from: number; readonly to: number },
  sub: string,
): boolean {
  const age = realm.now() - proof.readUInt32BE()
  const [before, mac] = [proof.subarray(0, from), proof.subarray(from, to)]
  const proven = (secret: KeyObject): boolean =>
    timingSafeEqual(mac, macOf(secret, before, sub, to - from))
  return age < lifetime && realm.secrets('device').some(proven)
}

function macOf(secret: KeyObject, before: Buffer, sub: string, length: number): Buffer {
  return createHmac('sha256', secret).update(before).update(sub).digest().subarray(0, length)
}
