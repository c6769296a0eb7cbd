/** What journeys left to be done at their end (PingAM: tree hooks). */
import type { HttpRequest } from '../../../base/http.ts'
import type { Json, JsonObject } from '../../../base/json.ts'
import { member } from '../../../base/json.ts'
import type { CookieAtEnd } from '../../../journey/cookie/cookie-at-end.ts'
import { sealProof } from '../../../journey/cookie/proof.ts'
import type { EndStep } from '../../../journey/step.ts'
import { nodesWithin } from '../../../journey/within.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { Family } from '../../../session/family.ts'
import type { SessionTerms } from '../../../session/session.ts'
import type { EndUser } from '../../../user/end-user.ts'
import { note, noteOf } from '../../../user/notes.ts'

/** The first way of all goes without saying, and PingAM has no name for what a device knows of its user. */
const unsaid: readonly string[] = ['DataStore', 'UserVerification']

/** What the session is to be that the journey leads to: its nodes' word before its tree's. */
export function sessionTerms({ tree, ended: { state } }: EndStep): SessionTerms {
  const level = member(state.shared, 'authLevel')
  const ways = state.methods.filter((each) => !unsaid.includes(each))
  return {
    properties: {
      ...state.properties,
      ...(typeof level === 'number' && level !== 0 ? { AuthLevel: String(level) } : {}),
      ...(ways.length === 0 ? {} : { NodeType: ways.join('|') }),
    },
    max: state.maxSessionTime ?? tree?.maximumSessionTime,
    idle: state.maxIdleTime ?? tree?.maximumIdleTime,
    methods: state.methods,
  }
}

/**
 * The `Set-Cookie` values that a success brings: of whom a session follows for; undefined where none does, and so there is
 * nobody for a persistent cookie to let in (PingAM: Set Persistent Cookie and Set Custom Cookie nodes).
 */
export function cookiesAtEnd(
  realm: Realm,
  http: HttpRequest,
  { ended: { state } }: EndStep,
  user: EndUser | undefined,
): readonly string[] {
  return (state.atEnd.cookies ?? []).flatMap((cookie) => {
    const { proof, value = '', name } = cookie
    if (proof === undefined) return [setCookie(http, cookie, value)]
    const of = { name, bound: proof.bound }
    const sealed = user && sealProof(realm, of, user, { peer: http.peer, ...proof })
    return sealed === undefined ? [] : [setCookie(http, cookie, sealed)]
  })
}

/** By what a success lets the browser in again. */
export function familiesIn({ ended: { state } }: EndStep): readonly Family[] {
  return (state.atEnd.cookies ?? []).flatMap(({ proof }) =>
    proof?.family === undefined ? [] : [{ id: proof.family, until: proof.until }],
  )
}

const sites: Readonly<Record<string, string>> = { LAX: 'Lax', STRICT: 'Strict', NONE: 'None' }

function setCookie(http: HttpRequest, cookie: CookieAtEnd, text: string): string {
  const { name, maxAge, domain, path = '/', sameSite } = cookie
  // Over plain http, as on a developer's machine, a browser takes none that is for https only.
  const secure = cookie.secure && http.origin.startsWith('https:')
  const attributes = [
    maxAge === undefined ? undefined : `Max-Age=${maxAge}`,
    domain === undefined ? undefined : `Domain=${domain}`,
    `Path=${path}`,
    secure ? 'Secure' : undefined,
    cookie.httpOnly ? 'HttpOnly' : undefined,
    `SameSite=${sites[sameSite] ?? 'Lax'}`,
  ]
  return [`${name}=${text}`, ...attributes.filter((each) => each !== undefined)].join('; ')
}

/** Whoever is in has no wrong tries behind them at the nodes of that journey (PingAM: `retryLimitNodeCount`). */
export async function forgetRetries(realm: Realm, user: EndUser, { tree }: EndStep): Promise<void> {
  if (noteOf(user, 'retries') === undefined || tree === undefined) return
  const passed = await nodesWithin(realm, tree)
  await note(realm, user.sub, (now) => {
    const all = Object.entries(noteOf(now, 'retries') ?? {})
    const others = all.filter(([node]) => !passed.has(node))
    return others.length === all.length ? undefined : { retries: Object.fromEntries(others) }
  })
}

/** Members that a success tells of its session. */
export function propertiesTold(
  { ended: { state } }: EndStep,
  { properties = {} }: SessionTerms,
): JsonObject {
  const told = Object.entries(state.atEnd.successProperties ?? {}).flatMap(
    ([name, property]): [string, Json][] => {
      const value = member(properties, property)
      return value === undefined ? [] : [[name, value]]
    },
  )
  return Object.fromEntries(told)
}
