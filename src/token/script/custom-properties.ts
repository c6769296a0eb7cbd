import type { JsonObject } from '../../base/json.ts'

/** PingAM: of `map[key]=value` and `list[0]=value` each is a map in the map; the last of one name counts. */
export function customProperties(lines: readonly string[]): JsonObject {
  const found = new Map<string, string | Map<string, string>>()
  for (const line of lines) {
    const [before = '', ...behind] = line.split('=')
    const [, spaced = '', key] = /^([^[\]]+)(?:\[([^[\]]+)\])?$/.exec(before.trim()) ?? []
    const [name, value] = [spaced.trim(), behind.join('=').trim()]
    if (name === '' || behind.length === 0) continue
    const there = found.get(name)
    if (key === undefined) found.set(name, value)
    else found.set(name, (there instanceof Map ? there : new Map<string, string>()).set(key, value))
  }
  return Object.fromEntries(
    [...found].map(([name, value]) => [
      name,
      typeof value === 'string' ? value : Object.fromEntries(value),
    ]),
  )
}
