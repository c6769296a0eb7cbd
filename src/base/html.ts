import { memo } from './memo.ts'

/** Markup that may stand in a page as it is. Made only here; JSON can never look like one. */
export interface Html {
  readonly [markup]: string
}

/** Attributes of one tag, as `attributes` wrote them. */
export interface Attributes {
  readonly [written]: string
}

/** What a hole of a template takes. Text is escaped; `undefined` and `false` write nothing. */
export type HtmlValue = Html | Attributes | string | number | undefined | false | readonly Html[]

const markup = Symbol('html')
const written = Symbol('attributes')

type Slot = 'text' | 'value' | 'address' | 'attributes'

const placesOf = memo((strings: TemplateStringsArray): readonly Slot[] => placesIn(strings))

/**
 * HTML from a template. A hole may stand in text, in a double-quoted attribute value, or, for
 * `attributes(…)`, between attributes. A hole anywhere else (in a script, a style, an event
 * attribute, an unquoted value, a tag name) is a mistake of the author and throws at once.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const places = placesOf(strings)
  let text = strings[0] as string
  for (let i = 0; i < values.length; i++) {
    text += fill(places[i] as Slot, values[i]) + (strings[i + 1] as string)
  }
  return { [markup]: text }
}

/** Attributes for one tag: `true` writes the bare name, `undefined` and `false` nothing. */
export function attributes(
  named: Readonly<Record<string, string | number | boolean | undefined>>,
): Attributes {
  let text = ''
  for (const [name, value] of Object.entries(named)) {
    if (!/^[a-z][a-z-]*$/.test(name) || isActive(name)) throw new TypeError(`attribute ${name}`)
    if (value === undefined || value === false) continue
    if (value === true) text += `${text && ' '}${name}`
    else text += `${text && ' '}${name}="${fill(placeOfValue(name), value)}"`
  }
  return { [written]: text }
}

/** The markup as text, for the body of an answer. */
export function htmlText(made: Html): string {
  return made[markup]
}

/** Escapes text for element content and quoted attribute values alike. */
export function escapeHtml(text: string): string {
  return special.test(text) ? text.replaceAll(everySpecial, (c) => escapes[c] as string) : text
}

/** A raw CR would be read as LF and NUL be dropped: both would change the value in silence. */
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
  '\r': '&#13;',
  '\0': '\ufffd',
}
const special = /[&<>"'`\r\0]/
const everySpecial = /[&<>"'`\r\0]/g

function fill(place: Slot, value: HtmlValue): string {
  if (value === undefined || value === false) return ''
  if (typeof value === 'object' && place !== 'text') return fillAttributes(place, value)
  if (place === 'attributes') throw new TypeError('only attributes() may stand between attributes')
  if (typeof value === 'string') {
    return escapeHtml(place === 'address' && isScriptAddress(value) ? 'about:invalid' : value)
  }
  if (typeof value === 'number') return String(value)
  return fillText(value)
}

function fillText(value: Html | Attributes | readonly Html[]): string {
  if (Array.isArray(value))
    return (value as readonly Html[]).map((each) => fill('text', each)).join('')
  const text = (value as Html)[markup]
  if (typeof text !== 'string') throw new TypeError('an object is no markup')
  return text
}

function fillAttributes(place: Slot, value: object): string {
  const text = (value as Attributes)[written]
  if (place !== 'attributes' || typeof text !== 'string') {
    throw new TypeError('only text may stand in an attribute value')
  }
  return text
}

/** Whether an address would run script or open local content instead of leading somewhere. */
export function isScriptAddress(address: string): boolean {
  // URL parsers drop leading control characters and spaces, and tabs and newlines anywhere.
  const bare = address.replace(/^[\0-\x20]+|[\t\n\r]/g, '').slice(0, 64)
  return /^(?:javascript|vbscript|data|blob|file|filesystem|view-source|about):/i.test(bare)
}

function placesIn(strings: TemplateStringsArray): readonly Slot[] {
  const scan: Scan = { state: 'text', element: '', attribute: '', valueSoFar: '' }
  return strings.slice(0, -1).map((text, i) => {
    for (const lexeme of lexemes(text)) step(scan, lexeme)
    const place = placeOf(scan, text)
    if (place === 'address' && !strings[i + 1]?.startsWith('"')) {
      throw new TypeError('an address is one hole')
    }
    scan.valueSoFar += 'hole'
    return place
  })
}

interface Scan {
  state: 'text' | 'tag' | 'value'
  /** The element opened last: raw text elements must not hold holes. */
  element: string
  attribute: string
  valueSoFar: string
}

/** Tag openings, attribute openings, and single characters. */
function lexemes(text: string): string[] {
  return text.match(/<[!/]?[a-zA-Z]*|[^\s"'<>=/]+="|[\s\S]/g) ?? []
}

function step(scan: Scan, lexeme: string): void {
  if (scan.state === 'value') {
    // An attribute opening inside a value ends in the quote that closes that value.
    if (lexeme.endsWith('"')) scan.state = 'tag'
    scan.valueSoFar += lexeme
  } else if (scan.state === 'tag') {
    if (lexeme === '>') scan.state = 'text'
    else if (lexeme === "'" || lexeme === '"') throw new TypeError('write name="value"')
    else if (lexeme.endsWith('="')) {
      scan.state = 'value'
      scan.attribute = lexeme.slice(0, -2).toLowerCase()
      scan.valueSoFar = ''
    }
  } else if (lexeme.length > 1 && lexeme.startsWith('<')) {
    scan.state = 'tag'
    scan.element = lexeme.slice(1).toLowerCase()
  }
}

function placeOf(scan: Scan, before: string): Slot {
  if (scan.state === 'text') {
    if (before.endsWith('<')) throw new TypeError('hole in a tag name')
    if (scan.element === 'script' || scan.element === 'style') throw new TypeError('hole in script')
    return 'text'
  }
  if (scan.state === 'value') {
    if (isActive(scan.attribute)) throw new TypeError(`hole in ${scan.attribute}`)
    return scan.valueSoFar === '' ? placeOfValue(scan.attribute) : 'value'
  }
  if (!/\s$/.test(before)) throw new TypeError('hole in a tag')
  return 'attributes'
}

function placeOfValue(attribute: string): Slot {
  return ['href', 'src', 'action', 'formaction'].includes(attribute) ? 'address' : 'value'
}

/** Attributes whose value is code or a document of its own. */
function isActive(attribute: string): boolean {
  return attribute.startsWith('on') || attribute === 'style' || attribute === 'srcdoc'
}
