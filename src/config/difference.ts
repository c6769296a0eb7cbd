import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'

/** One value that is another one afterwards; undefined where there is none. */
export interface Difference {
  /** Where in the object, in the names of its JSON. */
  readonly path: string
  readonly before?: Json
  readonly after?: Json
}

/** Names of members whose values are told to nobody. */
const secret = /passw|secret|hash|private|^userpassword/i

/**
 * Settings that are called like a secret and hold none. What guards passwords, keys and codes is just what somebody who looks
 * for a change has to be told.
 */
const openSettings: ReadonlySet<string> = new Set([
  ...['passwordMinLength', 'passwordMinCapitals', 'passwordMinNumbers', 'passwordMinOthers'],
  ...['passwordRefuseName', 'passwordRefuseCommon', 'passwordChangeEndsGrants'],
  ...['passwordGrantAuthService', 'moduleMessageEnabledInPasswordGrant'],
  ...['previousSecretLifetime', 'eitherSecretMethod', 'jwksPrivateAddresses', 'assertionAudience'],
  ...['codeVerifierEnforced', 'allowClientCredentialsInTokenRequestQueryParameters'],
])

/** A path without its last name where that is one of those: what it stands in may still be a secret. */
export function withoutOpenSetting(path: string): string {
  const at = path.lastIndexOf('.') + 1
  return openSettings.has(path.slice(at)) ? path.slice(0, at) : path
}

export function isSecretName(path: string): boolean {
  return secret.test(withoutOpenSetting(path))
}

/** What two states of an object do not have in common, in the order of their members. */
export function differences(before: JsonObject, after: JsonObject): readonly Difference[] {
  const found: Difference[] = []
  const walk = (ours: JsonObject, theirs: JsonObject, within: string): void => {
    for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const [was, is] = [member(ours, name), member(theirs, name)]
      const path = `${within}${name}`
      if (isDeepStrictEqual(was, is)) continue
      if (hasInside(was) || hasInside(is)) {
        walk(isObject(was) ? was : {}, isObject(is) ? is : {}, `${path}.`)
      } else if (isSecretName(name)) found.push({ path })
      else {
        found.push({
          path,
          ...(was === undefined ? {} : { before: was }),
          ...(is === undefined ? {} : { after: is }),
        })
      }
    }
  }
  walk(before, after, '')
  return found
}

/** Whether members of it are worth telling apart. */
function hasInside(value: Json | undefined): boolean {
  return isObject(value) && Object.keys(value).length > 0
}

/** What is told of a change for whoever watches, by path: what it was and what it is, where that may be told. */
export type ToldChanges = Readonly<
  Record<string, string | { readonly from?: Json; readonly to?: Json }>
>

/** What there is to know of a kind of object before its changes are told. */
export interface Telling {
  /** Secrets that are other ones now, which no state of an object holds. */
  readonly secrets?: readonly string[]
  /** Whether something is of a person: that it changed is told, and not what it says. */
  readonly personal?: (path: string) => boolean
  /** What holds where nothing is said. */
  readonly defaults?: JsonObject
}

const masked = '[masked]'
const mostPaths = 50
/** Characters of a value, as JSON. */
const longest = 1000

/**
 * The differences of two states, of which either may be nothing, as an event carries them. Those come first that are more than
 * a default put down or taken away: whoever reads all settings and puts them back with one changed puts down a hundred.
 */
export function changesTold(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  { secrets = [], personal = () => false, defaults = {} }: Telling = {},
): ToldChanges {
  const found = differences(before ?? {}, after ?? {})
  const { first = [], last = [] } = Object.groupBy(found, (each) =>
    isOfDefaults(each, defaults) ? 'last' : 'first',
  )
  const all = [...secrets.map((path): Difference => ({ path })), ...first, ...last]
  const told: Record<string, ToldChanges[string]> = {}
  for (const { path, before: was, after: is } of all.slice(0, mostPaths)) {
    const hidden = personal(path) || (was === undefined && is === undefined)
    told[path] = hidden ? masked : { ...side('from', was), ...side('to', is) }
  }
  if (all.length > mostPaths) told['…'] = `${all.length - mostPaths} more`
  return told
}

/** Whether one side is not there, and the other is what holds then. */
function isOfDefaults({ path, before, after }: Difference, defaults: JsonObject): boolean {
  if ((before === undefined) === (after === undefined)) return false
  let usual: Json | undefined = defaults
  for (const name of path.split('.')) usual = isObject(usual) ? member(usual, name) : undefined
  return isDeepStrictEqual(before ?? after, usual)
}

function side(name: 'from' | 'to', value: Json | undefined): { from?: Json; to?: Json } {
  if (value === undefined) return {}
  const text = JSON.stringify(value)
  return { [name]: text.length > longest ? `${text.slice(0, longest)}…` : value }
}
