import { basename } from 'node:path'
import { NotReadable } from '../found.ts'
import { linesOf } from '../lines.ts'

/** One entry of a directory. A value that is no text is undefined. */
export interface Entry {
  readonly dn: string
  /** The line it begins with. */
  readonly line: number
  /** By attribute, with its options, in lower case. */
  readonly values: ReadonlyMap<string, readonly (string | undefined)[]>
}

/** Characters of a value over all the lines it is folded to. */
const longest = 16_777_216

/** Lines of one entry: a group of everybody is one. */
const mostLines = 1_000_000

/**
 * The entries of a file of LDIF (RFC 2849). Changes are refused, and so is what names another file: that would
 * be a file of this machine.
 */
export async function* entriesIn(path: string): AsyncGenerator<Entry> {
  const refuse = (line: number, text: string): never => {
    throw new NotReadable(`${basename(path)} line ${line}: ${text}`)
  }
  let entry: { dn: string; line: number; values: Map<string, (string | undefined)[]> } | undefined
  for await (const [line, text] of unfolded(path, refuse)) {
    if (text === '') {
      if (entry !== undefined) yield entry
      entry = undefined
      continue
    }
    const [, name = '', mark = '', rest = ''] = /^([^:]*):([:<]?) *(.*)$/s.exec(text) ?? []
    if (name === '') refuse(line, text === '-' ? changes : 'must be "attribute: value"')
    if (mark === '<') refuse(line, 'names another file (:<), which is not read')
    const value = mark === ':' ? decoded(rest, () => refuse(line, 'must be base64')) : rest
    const lower = name.toLowerCase()
    if (lower === 'changetype') refuse(line, changes)
    if (entry === undefined) {
      if (lower === 'version') continue
      if (lower !== 'dn' || value === undefined) refuse(line, 'must begin an entry with its dn')
      entry = { dn: value ?? '', line, values: new Map() }
      continue
    }
    if (line - entry.line > mostLines)
      refuse(entry.line, `is an entry of more than ${mostLines} lines`)
    const known = entry.values.get(lower)
    if (known === undefined) entry.values.set(lower, [value])
    else known.push(value)
  }
  if (entry !== undefined) yield entry
}

const changes = 'holds changes (changetype): export the entries themselves'

/** A line goes on in the next one that begins with a space; comments do, too. */
async function* unfolded(
  path: string,
  refuse: (line: number, text: string) => never,
): AsyncGenerator<readonly [number, string]> {
  let parts: string[] = []
  let [start, length] = [0, 0]
  for await (const [number, text] of linesOf(path)) {
    if (text.startsWith(' ')) {
      if (parts.length === 0) refuse(number, 'goes on where nothing begins')
      length += text.length
      if (length > longest) refuse(start, `has more than ${longest} characters`)
      parts.push(text.slice(1))
      continue
    }
    if (parts.length > 0 && !parts[0]?.startsWith('#')) yield [start, parts.join('')]
    // A line without anything ends an entry, and nothing goes on behind it.
    if (text === '') yield [number, '']
    parts = text === '' ? [] : [number === 1 ? text.replace(/^\uFEFF/, '') : text]
    start = number
    length = text.length
  }
  if (parts.length > 0 && !parts[0]?.startsWith('#')) yield [start, parts.join('')]
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decoded(text: string, refuse: () => never): string | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) refuse()
  try {
    const value = utf8.decode(Buffer.from(text, 'base64'))
    return value.includes('\0') ? undefined : value
  } catch {
    return undefined
  }
}
