/**
 * JSON that is written as it came. Parsed and written again, numbers, escapes, spaces and the order of members may be
 * others than whoever signed or compares them has.
 */

/** A text of JSON that stands in what `writeJson` writes as it is. */
export interface ExactJson {
  readonly exact: string
  toJSON(): unknown
}

export function exactJson(exact: string): ExactJson {
  return {
    exact,
    toJSON() {
      met.push(exact)
      return place
    },
  }
}

/** Nobody else writes this: an escape where none is needed. */
const placed = '"\\u0065xact"'
const place = (JSON as unknown as RawJson).rawJSON(placed)

interface RawJson {
  rawJSON(text: string): unknown
}

/** Those that the writing under way has met, in their order. */
const met: string[] = []

/** What `JSON.stringify` writes, with every exact text in its place. */
export function writeJson(value: unknown): string {
  met.length = 0
  const text = JSON.stringify(value)
  if (met.length === 0) return text
  const [first = '', ...rest] = text.split(placed)
  return rest.reduce((whole, part, i) => `${whole}${met[i]}${part}`, first)
}
