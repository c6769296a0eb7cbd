/** Page of the events: every call of `event` and `alarm` in the source. */
import { code, codes, page, table } from './markdown.ts'
import { isTest, sourcePaths, sourceText } from './source-text.ts'

/** One call that tells an event. */
export interface Call {
  readonly name: string
  readonly level: string
  readonly fields: readonly string[]
  readonly path: string
}

/** Every event that the source tells. */
export function eventCalls(): readonly Call[] {
  return sourcePaths('src/**/*.ts')
    .filter((path) => !isTest(path) && path !== 'src/base/log.ts')
    .flatMap((path) => callsIn(path, sourceText(path)))
}

/** `events.md`: names, levels, fields, and where they come from. */
export function eventsPage(): string {
  const byName = Map.groupBy(eventCalls(), ({ name }) => name)
  const rows = [...byName.keys()].sort().map((name) => {
    const all = byName.get(name) ?? []
    return [
      code(name),
      unique(all.map(({ level }) => level)).join(', '),
      codes(unique(all.flatMap(({ fields }) => fields))),
      unique(all.map(({ path }) => `[${path.slice(4)}](../../${path})`)).join(' '),
    ]
  })
  return page(
    'Events',
    'the calls of `event` and `alarm` in src',
    'Every event is published on the diagnostics channel `parapet` of the process (those of level `debug` on `parapet:debug`) and logged as one line: `{"level", "time", "event", "fields"}`. `PARAPET_LOG_LEVEL` says from which level on. `request` is the outcome of a request, one for each. `alarm` is for what must never happen. No field holds a secret, a code, a token or a pushed value; should one be named like that, its value is masked.',
    table(['Event', 'Level', 'Fields', 'From'], rows),
  )
}

/** The events that a file tells; an error where their fields cannot be read. */
export function callsIn(path: string, text: string): Call[] {
  return [...text.matchAll(/\b(event|alarm)\(\s*'([\w.]+)'/g)].map((match) => {
    const [start, kind, name = ''] = match
    const rest = argumentsAfter(text, match.index + start.length)
    const level = /^'(\w+)'$/.exec(rest.at(-1) ?? '')?.[1] ?? 'info'
    const given = rest.find((each) => !/^'\w+'$/.test(each)) ?? '{}'
    // What is no object as it stands is opened like a spread.
    const object = given.startsWith('{') ? given : `{...${given}}`
    const fields = unique(members({ text, path: `${path}: ${name}` }, object))
    return { name, level: kind === 'alarm' ? 'alarm' : level, fields, path }
  })
}

/** The arguments that follow the first one, up to the call's closing bracket. */
function argumentsAfter(text: string, from: number): string[] {
  return splitAtCommas(text.slice(from, closing(text, from) - 1))
}

/** Where what was opened before `from` has been closed. */
function closing(text: string, from: number): number {
  let depth = 1
  let end = from
  while (depth > 0 && end < text.length) {
    const character = text[end++] as string
    if ('([{'.includes(character)) depth++
    else if (')]}'.includes(character)) depth--
  }
  return end
}

/** A source file, and where in it fields are read, for a complaint. */
interface Place {
  readonly text: string
  readonly path: string
}

/** Names of an object's members as written; a spread is opened, and has to be written in the file. */
function members(place: Place, object: string): string[] {
  return splitAtCommas(object.slice(1, -1)).flatMap((member) => {
    if (!member.startsWith('...')) return [/^\w+/.exec(member)?.[0] ?? member]
    const names = unique(member.match(/\w+/g) ?? [])
    const objects = [...objectsIn(member), ...names.flatMap((name) => written(place.text, name))]
    const found = unique(objects).flatMap((each) => members(place, each))
    if (found.length === 0) throw new Error(`${place.path}: the fields of ${member} cannot be read`)
    return found
  })
}

/** The objects that a name stands for: the one of a constant, those in the body of a function. */
function written(text: string, name: string): readonly string[] {
  const constant = new RegExp(`const ${name}(?:: [^=]+)? = \\{`).exec(text)
  if (constant !== null) {
    const from = constant.index + constant[0].length
    return [text.slice(from - 1, closing(text, from))]
  }
  return objectsIn(new RegExp(`^function ${name}\\(.*\\{\\n([^]*?)^\\}`, 'm').exec(text)?.[1] ?? '')
}

/** Each object that an expression may be; what stands inside of one belongs to it. */
function objectsIn(text: string): readonly string[] {
  const objects: string[] = []
  const opening = /(?:\breturn|[?:&|]|=> \(|=)\s*\{/g
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const end = closing(text, opening.lastIndex)
    objects.push(text.slice(opening.lastIndex - 1, end))
    opening.lastIndex = end
  }
  return objects
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = ['']
  let depth = 0
  for (const character of text) {
    if ('([{'.includes(character)) depth++
    else if (')]}'.includes(character)) depth--
    if (character === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
