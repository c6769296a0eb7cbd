import { randomUUID } from 'node:crypto'
import type { HttpResponse } from '../src/base/http.ts'
import type { Session } from '../src/session/session.ts'
import { createSession } from '../src/session/session.ts'
import { hashed, withHashed } from './hashed.ts'
import type { World } from './world.ts'
import { origin, requestOf } from './world.ts'

/** Where AM's JSON of alpha is. */
const jsonBase = `${origin}/am/json/realms/root/realms/alpha`

/** One call of AM's JSON API. */
export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<HttpResponse>

/** Calls as somebody with a session of the realm: an account with these roles is made for it. */
export async function caller(
  w: World,
  path: string,
  roles: readonly string[],
): Promise<{ readonly call: Call; readonly session: Session }> {
  const realm = await w.realm(path)
  const username = `amadmin ${randomUUID()}`
  const hash = hashed()
  const fresh = { username, password: 'secret admin', roles }
  const user = await withHashed((_, text) => hash('caller', text), realm, fresh)
  if (user === undefined) throw new Error('no such user')
  const session = await createSession(realm, user, 'Login')
  return { call: callWith(w, { iplanetdirectorypro: session.token }), session }
}

/** Calls with these headers beside the usual ones; a target that is no URL is one of alpha. */
export function callWith(w: World, more: Readonly<Record<string, string>>): Call {
  return (method, path, body, headers = {}) =>
    w.serve(
      requestOf(method, path.startsWith('http') ? path : jsonBase + path, {
        body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          'accept-api-version': 'protocol=2.1,resource=1.0',
          ...more,
          ...headers,
        },
      }),
    )
}

/** An administrator's calls. */
export async function administrator(w: World): Promise<Call> {
  return (await caller(w, '/', ['admin'])).call
}
