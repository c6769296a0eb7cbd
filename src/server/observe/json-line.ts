/* Written by hand where a line is made for each push: an object for `JSON.stringify` costs three times as much. */
import { isSecret, masked, maskValue } from './mask.ts'

/** Fields that say who and where: the audit log has members of its own for them. */
const place = ['realm', 'client_id', 'sub', 'by', 'peer'] as const
const places: ReadonlySet<string> = new Set(place)

type Fields = Readonly<Record<string, unknown>>

/** All fields as members of a JSON object, without its braces: masked, those that are undefined left out. */
export function jsonMembers(fields: Fields): string {
  let members = ''
  for (const row of placed) members += maskedMember(row, fields[row.name])
  const details = jsonDetails(fields)
  return details === '' ? members.slice(1) : `${details}${members}`
}

let last: Fields | undefined
let lastDetails = ''

/** The fields that say neither who nor where. Log and audit log both want them of one event, one after the other. */
export function jsonDetails(fields: Fields): string {
  if (fields === last) return lastDetails
  let members = ''
  let i = 0
  for (const field of Object.keys(fields)) {
    // Nearly all events have the same fields in the same order: a field is looked for where it was the last time.
    if (order[i]?.name !== field) order[i] = named(field)
    const row = order[i++] as Named
    if (!row.isPlace) members += maskedMember(row, fields[field])
  }
  last = fields
  lastDetails = members.slice(1)
  return lastDetails
}

const order: Named[] = []

/** What there is to know of a field by its name. */
interface Named {
  readonly name: string
  /** `,"name":` */
  readonly opening: string
  readonly isPlace: boolean
  readonly secret: boolean
  /** The value it had last, and its text: of most fields it is the same again. Never one that is masked. */
  value: string | number | undefined
  text: string
}

const names = new Map<string, Named>()

/** Names of fields are few, and each is written many times; a flood of others is looked at anew each time. */
function named(name: string): Named {
  const known = names.get(name)
  if (known !== undefined) return known
  const opening = `,${escaped(JSON.stringify(name))}:`
  const about = { isPlace: places.has(name), secret: isSecret(name) }
  const row = { name, opening, ...about, value: undefined, text: '' }
  if (names.size < 1000) names.set(name, row)
  return row
}

/** One more member, behind others, masked; nothing where it is undefined. */
function maskedMember(row: Named, value: unknown): string {
  return row.secret && value !== undefined ? row.opening + jsonOf(masked) : memberOf(row, value)
}

/** What gives one more member of that name, behind others; nothing where it is undefined. */
export function memberNamed(name: string): (value: unknown) => string {
  const row = named(name)
  return (value) => memberOf(row, value)
}

function memberOf(row: Named, value: unknown): string {
  if (value === undefined) return ''
  if (value === row.value) return row.text
  const text = row.opening + jsonOf(value)
  if (typeof value === 'number' || (typeof value === 'string' && value.length < mostKept)) {
    row.value = value
    row.text = text
  }
  return text
}

/** Characters of a value whose text is kept. */
const mostKept = 100

/** JSON text of a value that is no field's secret; what most values are needs no escaping. */
function jsonOf(value: unknown): string {
  if (typeof value === 'string' && value.length < 200 && plain.test(value)) return `"${value}"`
  // `JSON.stringify` says the same of a finite number, and does more for it.
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return escaped(JSON.stringify(maskValue(value)) ?? 'null')
}

const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/** A name of an event as JSON. */
export function quoted(name: string): string {
  return named(name).opening.slice(1, -1)
}

/** JSON escapes C0 only; C1, line separators and marks that turn text around could still fool a reader. */
const unsafe = /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/
const everyUnsafe = new RegExp(unsafe, 'g')

/** A text in which nothing ends a line or hides what follows. */
export function escaped(text: string): string {
  return unsafe.test(text) ? text.replaceAll(everyUnsafe, escapedCharacter) : text
}

function escapedCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Rows of the fields that say who and where. Made last, of what stands above. */
const placed = place.map(named)
