/** What a JSON text may hold, as parsed. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json }

/** A JSON object as parsed. Read its members with `member`, never by a name from outside alone. */
export type JsonObject = { readonly [name: string]: Json }

/**
 * Parses JSON from outside: refuses (undefined) what is malformed, nested deeper than `depth`, or
 * names a member twice in one object.
 */
export function parseJson(text: string, depth = 20): Json | undefined {
  if (!shapeIsSound(text, depth)) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** The same, for texts that must hold an object. */
export function parseJsonObject(text: string, depth = 20): JsonObject | undefined {
  const value = parseJson(text, depth)
  return isObject(value) ? value : undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own member of an object; undefined for inherited names such as `constructor`. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

interface Level {
  readonly names: Set<string> | undefined
  expectName: boolean
}

/**
 * One linear walk that counts depth and notes member names. Grammar is left to JSON.parse; a walk
 * that is lost on malformed text may say anything, for JSON.parse refuses that text afterwards.
 */
function shapeIsSound(text: string, depth: number): boolean {
  const levels: Level[] = []
  for (let i = 0; i < text.length; i++) {
    const level = levels.at(-1)
    switch (text.charCodeAt(i)) {
      case 0x7b: // {
      case 0x5b: // [
        if (levels.length >= depth) return false
        levels.push({ names: text[i] === '{' ? new Set() : undefined, expectName: true })
        break
      case 0x7d: // }
      case 0x5d: // ]
        levels.pop()
        break
      case 0x2c: // ,
        if (level !== undefined) level.expectName = true
        break
      case 0x22: {
        const end = endOfString(text, i)
        if (level?.names !== undefined && level.expectName) {
          level.expectName = false
          const name = nameOf(text.slice(i, end + 1))
          if (name === undefined || level.names.has(name)) return false
          level.names.add(name)
        }
        i = end
      }
    }
  }
  return true
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x5c) i++
    else if (code === 0x22) return i
  }
  return text.length
}

function nameOf(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return JSON.parse(quoted) as string
  } catch {
    return undefined
  }
}
