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

export function isSecretName(path: string): boolean {
  return secret.test(path)
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
