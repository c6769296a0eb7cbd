import type { JsonObject } from '../../base/json.ts'

/** What attributes are with values behind those that are there, in whichever letters they are called. */
export function withAdded(value: JsonObject, added: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(added).map(([name, more]) => {
      const own = Object.keys(value).find((each) => each.toLowerCase() === name.toLowerCase())
      const there = own === undefined ? [] : [value[own] ?? []].flat()
      return [name, [...there, ...[more].flat()]]
    }),
  )
}
