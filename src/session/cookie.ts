import type { HttpRequest } from '../base/http.ts'
import { cookies, header, headerCount } from '../base/http.ts'
import { event } from '../base/log.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { Realm } from '../realm/realm.ts'
import type { Session } from './session.ts'
import { readSession, touchSession } from './session.ts'

/** Stands beside every session cookie of AM: the server a load balancer should prefer. */
const balancerName = 'amlbcookie'

/** What of a realm says which cookie and header are meant. */
type Naming = Pick<Realm, 'path'> & { readonly provider: Pick<Realm['provider'], 'cookieName'> }

/**
 * The session token the browser presents. Two cookies of the name mean that somebody else's site set
 * one of them: then there is none.
 */
export function sessionToken(realm: Naming, http: HttpRequest): string | undefined {
  const [token, second] = cookies(http, realm.provider.cookieName)
  if (second !== undefined) {
    event('session.cookie.repeated', { realm: realm.path }, 'warn')
    return undefined
  }
  return token === '' ? undefined : token
}

/**
 * The session token a program presents: in a header named like the cookie, else in the cookie (PingAM:
 * authn-rest). Two such headers mean that somebody added one: then there is none.
 */
export function callerToken(realm: Naming, http: HttpRequest): string | undefined {
  const name = realm.provider.cookieName.toLowerCase()
  const sent = headerCount(http, name)
  if (sent === 0) return sessionToken(realm, http)
  return sent === 1 ? header(http, name) : undefined
}

/** The realm's own live session of this browser, counted as used. */
export function currentSession(realm: Realm, http: HttpRequest): Ready<Session | undefined> {
  const token = sessionToken(realm, http)
  if (token === undefined) return undefined
  return whenReady(readSession(realm, token), (session) => {
    if (session === undefined) return undefined
    http.trace.user = session.sub
    return touchSession(realm, session)
  })
}

/** `Set-Cookie` values that give a browser this session. */
export function sessionCookies(realm: Realm, http: HttpRequest, token: string): string[] {
  const rest = attributes(http)
  return [`${realm.provider.cookieName}=${token}; ${rest}`, balancerCookie(http)]
}

/** The `Set-Cookie` value that AM's steps carry before there is a session. */
export function balancerCookie(http: HttpRequest): string {
  return `${balancerName}=01; ${attributes(http)}`
}

/** `Set-Cookie` values that take it away. */
export function expiredCookies(realm: Realm, http: HttpRequest): string[] {
  return [realm.provider.cookieName, balancerName].map((name) => expiredCookie(http, name))
}

/** The `Set-Cookie` value that takes one away that this host set for all of itself. */
export function expiredCookie(http: HttpRequest, name: string): string {
  return `${name}=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; ${attributes(http)}`
}

/** On https the cookie must reach silent renewal in frames of other sites, as AM's does. */
function attributes(http: HttpRequest): string {
  const https = http.origin.startsWith('https:')
  return `Path=/; ${https ? 'Secure; HttpOnly; SameSite=None' : 'HttpOnly; SameSite=Lax'}`
}
