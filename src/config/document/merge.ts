import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'

/** An object with another one's members over its own, and inside of them likewise. */
export function merged(under: JsonObject, over: JsonObject): JsonObject {
  const both = Object.entries(over).map(([name, value]): readonly [string, Json] => {
    const before = member(under, name)
    return [name, isObject(before) && isObject(value) ? merged(before, value) : value]
  })
  return Object.fromEntries([...Object.entries(under), ...both])
}
