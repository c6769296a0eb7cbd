import type { KeyObject } from 'node:crypto'
import { createHmac } from 'node:crypto'
import { base64url } from '../../base/bytes.ts'
import type { HttpRequest } from '../../base/http.ts'
import { cookies } from '../../base/http.ts'
import type { Realm } from '../../realm/realm.ts'

/** C-30: a form counts only in the browser it was given to, though nothing is stored about either. */
export function markOf(http: HttpRequest): string | undefined {
  const [mark, second] = cookies(http, markName(http))
  return second === undefined && mark !== undefined && /^[\w-]{22}$/.test(mark) ? mark : undefined
}

/** What an authId says of the mark it belongs to. */
export function bindingOf(realm: Realm, mark: string): string {
  return bindingBy(realm.secret('pre-login'), mark)
}

/** Whether that is what an authId says. */
export function isBoundTo(realm: Realm, mark: string, bound: string): boolean {
  return realm.secrets('pre-login').some((secret) => bindingBy(secret, mark) === bound)
}

function bindingBy(secret: KeyObject, mark: string): string {
  return base64url(createHmac('sha256', secret).update(mark).digest())
}

/** The prefix keeps sibling domains from setting it; browsers accept it on https only. */
function markName(http: HttpRequest): string {
  return http.origin.startsWith('https:') ? '__Host-parapet-login' : 'parapet-login'
}

/** The `Set-Cookie` value of a mark. */
export function markCookie(http: HttpRequest, mark: string, age: string): string {
  const secure = http.origin.startsWith('https:') ? 'Secure; ' : ''
  return `${markName(http)}=${mark}; ${age}Path=/; ${secure}HttpOnly; SameSite=Lax`
}
