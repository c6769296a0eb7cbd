/* Written by hand where a line is made for each push: an object for `JSON.stringify` costs three times as much. */
import { maskField } from './mask.ts'

const noNames: ReadonlySet<string> = new Set()

/** Fields as members of a JSON object, without its braces: masked, those that are undefined or stand `apart` left out. */
export function jsonMembers(
  fields: Readonly<Record<string, unknown>>,
  apart: ReadonlySet<string> = noNames,
): string {
  let members = ''
  for (const field of Object.keys(fields)) {
    if (apart.has(field)) continue
    const text = jsonOf(maskField(field, fields[field]))
    if (text !== undefined) members += `${members === '' ? '' : ','}${quoted(field)}:${text}`
  }
  return members
}

/** One more member, behind others; nothing where it is undefined. */
export function jsonMember(name: string, value: unknown): string {
  const text = jsonOf(value)
  return text === undefined ? '' : `,${quoted(name)}:${text}`
}

/** JSON text of a value; what most values are needs no escaping. */
function jsonOf(value: unknown): string | undefined {
  return typeof value === 'string' && plain.test(value) ? `"${value}"` : JSON.stringify(value)
}

const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

const quotedNames = new Map<string, string>()

/** The names of events and fields are few, and each is written many times. */
export function quoted(name: string): string {
  let text = quotedNames.get(name)
  if (text === undefined) {
    text = JSON.stringify(name)
    if (quotedNames.size < 1000) quotedNames.set(name, text)
  }
  return text
}

/** JSON escapes C0 only; C1, line separators and marks that turn text around could still fool a reader. */
const unsafe = /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/
const everyUnsafe = new RegExp(unsafe, 'g')

/** Ends a line, with nothing in it that ends one earlier or hides what follows. */
export function oneLine(text: string): string {
  return unsafe.test(text) ? `${text.replaceAll(everyUnsafe, escaped)}\n` : `${text}\n`
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
