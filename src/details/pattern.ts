/**
 * The patterns of schemas, as the part of ECMAScript's regular expressions that an automaton can match: no look around,
 * no references back. An engine that goes back may take exponential time for a pattern that looks harmless, and schemas
 * come from administrators of realms.
 */

/** What a pattern is made of. */
export type Node =
  | { readonly kind: 'one'; readonly fits: (character: string) => boolean }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'all'; readonly of: readonly Node[] }
  | { readonly kind: 'any'; readonly of: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number }

/** Longest pattern, in characters. */
const longest = 512

/** Reads a pattern; undefined for one that is malformed, too long, or not of that part. */
export function readPattern(text: string): Node | undefined {
  if (text.length > longest || !compiles(text)) return undefined
  const reader: Reader = { text, at: 0 }
  try {
    const node = readAny(reader)
    return reader.at === text.length ? node : undefined
  } catch (error) {
    if (error === unserved) return undefined
    throw error
  }
}

interface Reader {
  readonly text: string
  at: number
}

const unserved = new SyntaxError('not of the part that is served')

/** Whether it is well-formed, so that nothing below need ask. */
function compiles(text: string): boolean {
  try {
    return new RegExp(text, 'u').unicode
  } catch {
    return false
  }
}

function readAny(reader: Reader): Node {
  const of = [readAll(reader)]
  while (reader.text[reader.at] === '|') {
    reader.at++
    of.push(readAll(reader))
  }
  return { kind: 'any', of }
}

function readAll(reader: Reader): Node {
  const of: Node[] = []
  while (reader.at < reader.text.length && !/[|)]/.test(reader.text[reader.at] as string))
    of.push(readRepeated(reader))
  return { kind: 'all', of }
}

const repeats = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/

function readRepeated(reader: Reader): Node {
  const of = readOne(reader)
  const found = repeats.exec(reader.text.slice(reader.at))
  if (found === null) return of
  reader.at += found[0].length
  const [, sign, from, comma, to] = found
  if (sign !== undefined) {
    const least = sign === '+' ? 1 : 0
    return { kind: 'repeat', of, least, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY }
  }
  const least = Number(from)
  if (comma === '') return { kind: 'repeat', of, least, most: least }
  return { kind: 'repeat', of, least, most: to === '' ? Number.POSITIVE_INFINITY : Number(to) }
}

/** `(`, `(?:` or `(?<name>`; every other group looks around or changes the flags. */
const opens = /^\((?:\?:|\?<[A-Za-z]\w*>)?(?!\?)/

/** A class, an escape that means one character, or a character. */
const single =
  /^(?:\[(?:[^\]\\]|\\.)*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\c[a-z]|\\[^1-9kbB]|[^\\])/iu

function readOne(reader: Reader): Node {
  const rest = reader.text.slice(reader.at)
  if (rest[0] === '^' || rest[0] === '$') {
    reader.at++
    return { kind: rest[0] === '^' ? 'start' : 'end' }
  }
  if (rest[0] === '(') {
    const opened = opens.exec(rest)
    if (opened === null) throw unserved
    reader.at += opened[0].length
    const inside = readAny(reader)
    reader.at++
    return inside
  }
  const found = single.exec(rest)
  if (found === null) throw unserved
  reader.at += found[0].length
  return { kind: 'one', fits: fitsOne(found[0]) }
}

/** Of a single character the engine itself may say whether it fits: there is nothing to go back to. */
function fitsOne(source: string): (character: string) => boolean {
  if (!/[[\\.]/.test(source)) return (character) => character === source
  const expression = new RegExp(`^${source}$`, 'u')
  // Most texts have few characters, and they come again.
  const known = new Map<string, boolean>()
  return (character) => {
    const before = known.get(character)
    if (before !== undefined) return before
    const fits = expression.test(character)
    if (known.size < 256) known.set(character, fits)
    return fits
  }
}
