import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import type { EndStep } from '../../journey/step.ts'
import { nameTried as triedIn } from '../../journey/step.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Session } from '../../session/session.ts'
import { readSession, sessionOfSid } from '../../session/session.ts'
import type { EndUser } from '../../user/end-user.ts'
import { nameTried } from '../../user/name-tried.ts'

/** A journey has proven who somebody is, whether or not a session follows. */
export function tellSuccess(realm: Realm, http: HttpRequest, journey: string, user: EndUser): void {
  http.trace.user = user.sub
  event('login.succeeded', { realm: realm.path, sub: user.sub, journey })
}

/** A journey has ended without that. */
export function tellFailure(realm: Realm, http: HttpRequest, step: EndStep): void {
  http.trace.failedAt = step.ended.last
  const { name, name_hash } = nameTried(realm, triedIn(step))
  const sub = step.ended.user?.sub
  event('login.failed', { realm: realm.path, journey: step.journey, sub, name, name_hash })
}

/** Where it led then; undefined: nowhere in particular. */
export function placeTold(told: Json): string | undefined {
  const place = isObject(told) ? member(told, 'place') : undefined
  return typeof place === 'string' ? place : undefined
}

/** The session that the same answers led to before, while it lives. */
export async function sessionTold(realm: Realm, told: Json): Promise<Session | undefined> {
  const sid = isObject(told) ? member(told, 'session') : undefined
  const session = typeof sid === 'string' ? await sessionOfSid(realm, sid) : undefined
  return session && readSession(realm, session.token)
}

/** An end by which nobody is logged in: where it leads, what its nodes say, and which name was tried. */
export interface WithoutSession extends JsonObject {
  readonly kind: 'failed' | 'succeeded'
  readonly place: string | null
  readonly said: string | null
  readonly tried: string
  /** What the journey sets. */
  readonly cookies?: readonly string[]
}

/** The same beside an answer in JSON. */
export function cookiesTold(told: JsonObject): HttpResponse['headers'] {
  const cookies = member(told, 'cookies')
  const is = Array.isArray(cookies) && cookies.length > 0
  return is ? { 'set-cookie': cookies as readonly string[] } : {}
}

/** The end of that kind that the same answers led to before. */
export function withoutSession(told: Json): WithoutSession | undefined {
  return isObject(told) && member(told, 'kind') !== undefined ? (told as WithoutSession) : undefined
}
