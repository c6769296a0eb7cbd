import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { scopeClaims, userClaims } from '../protocol/claims.ts'
import type { EndUser } from './end-user.ts'

/** One half of a `claims` request: its `userinfo` or its `id_token` member (OIDC Core §5.5). */
export type ClaimsWanted = JsonObject | undefined

/** The claims the scopes ask for, as far as the user has them (OIDC Core §5.4). */
export function claimsOfScopes(user: EndUser, scopes: Iterable<string>): JsonObject {
  const claims: [string, Json][] = []
  for (const scope of scopes) {
    if (!Object.hasOwn(scopeClaims, scope)) continue
    for (const name of scopeClaims[scope as keyof typeof scopeClaims]) {
      const value = attribute(user, name)
      if (value !== undefined) claims.push([name, value])
    }
  }
  return Object.fromEntries(claims)
}

/**
 * The claims a `claims` request asks for by name. Values come from the account alone: one that is not
 * among the requested `value` or `values` is left out (OIDC Core §5.5.1). Only claims about users can
 * be had this way: `iss`, `acr` and the like are said by the token that carries them.
 */
export function claimsRequested(user: EndUser, wanted: ClaimsWanted): JsonObject {
  const claims: [string, Json][] = []
  for (const [name, wish] of Object.entries(wanted ?? {})) {
    if (!userClaims.has(name)) continue
    const value = attribute(user, name)
    if (value !== undefined && suits(value, wish)) claims.push([name, value])
  }
  return Object.fromEntries(claims)
}

/** Claims from elsewhere, without those that were asked for with other values (OIDC Core §5.5.1). */
export function claimsSuiting(claims: JsonObject, wanted: ClaimsWanted): JsonObject {
  const suiting = Object.entries(claims).filter(([name, value]) => {
    const wish = wanted === undefined ? undefined : member(wanted, name)
    return wish === undefined || suits(value, wish)
  })
  return Object.fromEntries(suiting)
}

/**
 * Whether a `claims` request can be met by this user at all: `sub` asked for with another value
 * fails the request instead of being left out (OIDC Core §5.5.1).
 */
export function isSubjectWanted(sub: string, wanted: ClaimsWanted): boolean {
  const wish = wanted === undefined ? undefined : member(wanted, 'sub')
  return wish === undefined || suits(sub, wish)
}

/** OIDC Core §5.3.2: claims without a value are left out, never null or empty. Of several values the first. */
function attribute(user: EndUser, name: string): Json | undefined {
  const kept = member(user.attributes, name)
  const value = kept === undefined ? undefined : (listed(kept)?.[0] ?? kept)
  return value === null || value === '' ? undefined : value
}

function suits(value: Json, wish: Json): boolean {
  if (!isObject(wish)) return true
  const one = member(wish, 'value')
  if (one !== undefined && !isSame(value, one)) return false
  const several = member(wish, 'values')
  return several === undefined || listed(several)?.some((each) => isSame(value, each)) === true
}

/** The same JSON value; the order of members does not count. */
function isSame(a: Json, b: Json): boolean {
  const ours = listed(a)
  const theirs = listed(b)
  if (ours !== undefined && theirs !== undefined) {
    return ours.length === theirs.length && ours.every((each, i) => isSame(each, theirs[i] as Json))
  }
  if (!isObject(a) || !isObject(b)) return a === b
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name] as Json, b[name] as Json))
  )
}

function listed(value: Json): readonly Json[] | undefined {
  return Array.isArray(value) ? (value as readonly Json[]) : undefined
}
