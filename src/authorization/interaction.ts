import type { KeyObject } from 'node:crypto'
import { createHmac } from 'node:crypto'
import { base64url, equalInConstantTime } from '../base/bytes.ts'
import type { HttpRequest } from '../base/http.ts'
import { cookies, header } from '../base/http.ts'
import type { Client } from '../client/client.ts'
import type { Realm } from '../realm/realm.ts'
import { decisionParameters } from './decision-parameter.ts'

/**
 * What a browser holds that opened an authorization (C-2d): a nonce of its own and, for requests
 * that have no record yet, when it first came and with which session. Signed for this one
 * authorization; nothing of the request is in it.
 */
export interface Interaction {
  readonly nonce: string
  readonly at: number
  readonly sid: string
}

/** `about`: the record's key, or the digest of a request that was not pushed. */
export function readInteraction(
  realm: Realm,
  http: HttpRequest,
  subjectId: string,
): Interaction | undefined {
  if (header(http, 'cookie')?.includes(cookiePrefix) !== true) return undefined
  for (const name of cookieNames(realm, http, subjectId)) {
    const [value, second] = cookies(http, name)
    if (value === undefined || second !== undefined) continue
    const [nonce = '', at = '', sid = '', mac = ''] = value.split('.')
    const signed = `${nonce}.${at}.${sid}`
    const proven = (secret: KeyObject): boolean =>
      equalInConstantTime(mac, macOf(secret, subjectId, signed))
    if (realm.secrets('interaction').some(proven))
      return { nonce, at: Number.parseInt(at, 36), sid }
  }
  return undefined
}

/**
 * Whether a request that has no record is still on its way: the time a user may take runs for it as
 * it does for a pushed one, and then an old login proves nothing any more (B-9).
 */
export function isCurrent(realm: Realm, { at }: Interaction): boolean {
  return realm.now() < at + realm.provider.interactionLifetime
}

/** A browser's first visit, to be set as a cookie. `sid` is the session it came with, or empty. */
export function newInteraction(realm: Realm, sid: string): Interaction {
  return { nonce: base64url(realm.random(12)), at: realm.now(), sid }
}

/**
 * The `Set-Cookie` values of an interaction: its own, kept as long as a user may take, and those that
 * take the oldest away where the browser would hold too many.
 */
export function interactionCookies(
  realm: Realm,
  http: HttpRequest,
  subjectId: string,
  interaction: Interaction,
): string[] {
  const { nonce, at, sid } = interaction
  const [name] = cookieNames(realm, http, subjectId) as [string]
  const signed = `${nonce}.${at.toString(36)}.${sid}`
  // A clock that was set back must not make it stay for longer.
  const left = Math.max(1, Math.min(at - realm.now(), 0) + realm.provider.interactionLifetime)
  const own = `${name}=${signed}.${macOf(realm.secret('interaction'), subjectId, signed)}; ${attributes(http)}; Max-Age=${left}`
  return [own, ...surplusInteractions(http, name)]
}

/** The `Set-Cookie` values that take it away, also one of an older name that the browser has. */
export function endedInteraction(realm: Realm, http: HttpRequest, subjectId: string): string[] {
  const [name, ...older] = cookieNames(realm, http, subjectId) as [string, ...string[]]
  const held = older.filter((each) => cookies(http, each).length > 0)
  return [name, ...held].map((each) => endedCookie(http, each))
}

function endedCookie(http: HttpRequest, name: string): string {
  return `${name}=; ${attributes(http)}; Max-Age=0`
}

/**
 * The oldest of a browser's interactions, whatever realm they are of, so that with the one of this
 * name it keeps `mostInteractions`. By the time each says of itself: who lies harms only themselves.
 */
function surplusInteractions(http: HttpRequest, name: string): string[] {
  const began = new Map<string, number>()
  for (const [, other = '', value = ''] of (header(http, 'cookie') ?? '').matchAll(interactions)) {
    if (other !== name) began.set(other, Number.parseInt(value.split('.')[1] ?? '', 36) || 0)
  }
  const surplus = Math.min(Math.max(began.size - (mostInteractions - 1), 0), mostEnded)
  const oldestFirst = [...began].sort(([, a], [, b]) => a - b)
  return oldestFirst.slice(0, surplus).map(([other]) => endedCookie(http, other))
}

/** More logins than anybody has open at once; their cookies together stay below 2 KiB. */
const mostInteractions = 16

/** Ended by one answer: what is more waits for the next, since proxies bound the header they pass on. */
const mostEnded = 32

/** Interactions among the cookies of a request; the name of the login page's cookie is shorter. */
const interactions = /(?:^|; ?)((?:__Host-)?parapet-[\w-]{12})=([^;]*)/g

/**
 * What names an unpushed request: its parameters, in whatever order they came, without the answer to
 * the page; and which client of that id they were for (C-37). By an older secret, if that is how the
 * browser has it.
 */
export function requestDigest(
  realm: Realm,
  http: HttpRequest,
  { incarnation }: Client,
  form: ReadonlyMap<string, string>,
): string {
  const pairs = [...form]
    .filter(([name]) => !decisionParameters.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify(pairs) + incarnation
  const [digest, ...older] = realm
    .secrets('request digest')
    .map((secret) => createHmac('sha256', secret).update(text).digest('base64url')) as [
    string,
    ...string[],
  ]
  return older.find((each) => readInteraction(realm, http, each) !== undefined) ?? digest
}

const cookiePrefix = 'parapet-'

/** Several authorizations may be open at once, each under a name of its own: the first, or one that older secrets made. */
function cookieNames(realm: Realm, http: HttpRequest, subjectId: string): readonly string[] {
  const prefix = `${http.origin.startsWith('https:') ? '__Host-' : ''}${cookiePrefix}`
  return realm.secrets('interaction name').map((secret) => {
    const name = createHmac('sha256', secret).update(subjectId).digest('base64url')
    return prefix + name.slice(0, 12)
  })
}

function attributes(http: HttpRequest): string {
  return `Path=/; HttpOnly; SameSite=Lax${http.origin.startsWith('https:') ? '; Secure' : ''}`
}

function macOf(secret: KeyObject, subjectId: string, signed: string): string {
  return createHmac('sha256', secret).update(`${subjectId} ${signed}`).digest('base64url')
}
