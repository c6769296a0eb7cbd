/* Written by hand where a line is made for each push: an object for `JSON.stringify` costs three times as much. */
import { maskField } from './mask.ts'

/** Fields that say who and where: the audit log has members of its own for them. */
const place = ['realm', 'client_id', 'sub', 'by', 'peer'] as const
const places: ReadonlySet<string> = new Set(place)

/** All fields as members of a JSON object, without its braces: masked, those that are undefined left out. */
export function jsonMembers(fields: Fields): string {
  let members = ''
  for (const field of place) members += jsonMember(field, maskField(field, fields[field]))
  const details = jsonDetails(fields)
  return details === '' ? members.slice(1) : `${details}${members}`
}

type Fields = Readonly<Record<string, unknown>>

let last: Fields | undefined
let lastDetails = ''

/** The fields that say neither who nor where. Log and audit log both want them of one event, one after the other. */
export function jsonDetails(fields: Fields): string {
  if (fields === last) return lastDetails
  let members = ''
  for (const field of Object.keys(fields)) {
    if (!places.has(field)) members += jsonMember(field, maskField(field, fields[field]))
  }
  last = fields
  lastDetails = members.slice(1)
  return lastDetails
}

/** One more member, behind others; nothing where it is undefined. */
export function jsonMember(name: string, value: unknown): string {
  const text = jsonOf(value)
  return text === undefined ? '' : `,${quoted(name)}:${text}`
}

/** JSON text of a value; what most values are needs no escaping, and whatever else there is has it. */
function jsonOf(value: unknown): string | undefined {
  if (typeof value === 'string' && plain.test(value)) return `"${value}"`
  if (typeof value === 'number' || value === undefined) return JSON.stringify(value)
  const text = JSON.stringify(value)
  return text === undefined ? undefined : escaped(text)
}

const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

const quotedNames = new Map<string, string>()

/** The names of events and fields are few, and each is written many times. */
export function quoted(name: string): string {
  let text = quotedNames.get(name)
  if (text === undefined) {
    text = escaped(JSON.stringify(name))
    if (quotedNames.size < 1000) quotedNames.set(name, text)
  }
  return text
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
