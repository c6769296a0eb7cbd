import { fromBase64url } from '../base/bytes.ts'
import { parseJsonObject } from '../base/json.ts'
import type { Client } from '../client/client.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import type { Session } from '../session/session.ts'

/**
 * Whether somebody has shown who they are for this session, and not their browser alone by a persistent cookie: that is
 * no login that `prompt=login` or `max_age` asks for (OIDC Core §3.1.2.1: actively).
 */
export function isActive({ methods }: Pick<Session, 'methods'>): boolean {
  return methods.length !== 1 || methods[0] !== 'PersistentCookie'
}

/** Whether a request asks for such a login. */
export function wantsActive({ prompt, max_age }: AuthorizationRequest): boolean {
  return prompt.includes('login') || max_age !== undefined
}

/**
 * The same of a request that stands in a URL. What a request object says is believed here, whoever signed it: it only
 * keeps a cookie from counting. One that cannot be read, or is fetched, may ask for it.
 */
export function wantsActiveIn(client: Client, form: ReadonlyMap<string, string>): boolean {
  if (client.defaultMaxAgeEnabled || form.has('max_age') || isLogin(form.get('prompt'))) return true
  const object = form.get('request')
  if (object === undefined) return form.has('request_uri')
  const payload = fromBase64url(object.split('.')[1] ?? '')
  const claims = object.split('.').length === 3 && payload && parseJsonObject(payload.toString())
  return !claims || claims.max_age !== undefined || isLogin(claims.prompt)
}

export function isLogin(prompt: unknown): boolean {
  return typeof prompt === 'string' && prompt.split(' ').includes('login')
}
