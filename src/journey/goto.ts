import type { Realm } from '../realm/realm.ts'

/** White space, control characters, backslashes and all that is not ASCII: browsers drop or fold them. */
const odd = /[^\x21-\x5b\x5d-\x7e]/

/**
 * Where to go after login, if it is a place of this server: a path below its base, or the same as a
 * whole URL. Undefined for everything else. What counts, and what is answered, is how a URL parser
 * reads it, so that no spelling means one thing here and another in the browser.
 */
export function validGoto(realm: Realm, goto: string): string | undefined {
  const isPath = /^\/(?!\/)/.test(goto)
  if (odd.test(goto) || !(isPath || /^https?:\/\//.test(goto))) return undefined
  const base = new URL(realm.url)
  const url = URL.parse(goto, realm.url)
  if (url === null || url.origin !== base.origin) return undefined
  if (url.username !== '' || url.password !== '') return undefined
  if (!url.pathname.startsWith(`${base.pathname}/`)) return undefined
  return isPath ? `${url.pathname}${url.search}${url.hash}` : url.href
}

/** Where AM sends a user who is going nowhere in particular. */
export function defaultGoto(realm: Realm): string {
  return `/enduser/?realm=${realm.path}`
}
