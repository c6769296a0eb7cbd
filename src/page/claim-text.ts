import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Messages } from './messages/message.ts'

/** Longer values are cut: they are shown to be recognised. */
const longest = 120

/** A value that is shared, as a person knows it: `demo@example.com`. */
export interface ClaimText {
  /** The claim's. */
  readonly name: string
  readonly text: string
}

export function claimTexts(claims: JsonObject, messages: Messages): readonly ClaimText[] {
  return Object.entries(claims)
    .map(([name, value]) => ({ name, text: claimText(name, value, messages) }))
    .filter(({ text }) => text !== '')
}

/** Without those that another value says already, as the full name does the first one. */
export function briefly(texts: readonly ClaimText[]): readonly string[] {
  const said = [...new Set(texts.map(({ text }) => text))]
  return said.filter((text) => !said.some((other) => other !== text && holds(other, text)))
}

function holds(text: string, words: string): boolean {
  return ` ${text} `.includes(` ${words} `)
}

/** One value in words; empty where there is nothing to be said. */
export function claimText(name: string, value: Json, messages: Messages): string {
  const text = textOf(name, value, messages).replaceAll(/\s+/g, ' ').trim()
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

function textOf(name: string, value: Json, messages: Messages): string {
  if (typeof value === 'boolean') return messages.consent.verified[value ? 'yes' : 'no']
  if (name === 'updated_at' && typeof value === 'number') return dateText(value, messages)
  if (typeof value === 'string' && name === 'birthdate' && isDate(value))
    return dateText(Date.parse(value) / 1000, messages)
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (isObject(value)) return addressText(value, messages)
  return (value ?? []).map((each) => claimText('', each, messages)).join(', ')
}

/** OIDC Core §5.1.1: `formatted` is all of it, with line breaks. */
function addressText(value: JsonObject, messages: Messages): string {
  const formatted = member(value, 'formatted')
  if (typeof formatted === 'string') return formatted.split(/[\r\n]+/).join(', ')
  return Object.values(value)
    .map((each) => claimText('', each, messages))
    .join(', ')
}

/** OIDC Core §5.1: a year of 0000 says that it is left out. */
function isDate(text: string): boolean {
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) && !text.startsWith('0000')
  return full && !Number.isNaN(Date.parse(text))
}

/** Milliseconds of the last date that calendars here know (ECMA-262 §21.4.1.1). */
const lastDate = 8.64e15

function dateText(seconds: number, { lang }: Messages): string {
  if (Math.abs(seconds) * 1000 > lastDate) return ''
  const style = { dateStyle: 'long', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(lang, style).format(seconds * 1000)
}
