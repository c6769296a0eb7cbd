import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Address, Letter } from './letter.ts'
import { readAddress } from './letter.ts'
import { plainText } from './plain-text.ts'

/** What a letter is made of (PingIDM: email templates), in the reader's language. */
export interface Template {
  /** Empty, or none that is one: the server's own address. */
  readonly from: string
  readonly subject: string
  /** Undefined: there is only the other. */
  readonly html: string | undefined
  readonly text: string | undefined
}

/** The text of several languages that somebody reads. */
export type InLanguage = (texts: Readonly<Record<string, string>>) => string | undefined

/** What a document of PingIDM's says; undefined: it is switched off, or says nothing that could be sent. */
export function readTemplate(document: JsonObject, choose: InLanguage): Template | undefined {
  if (member(document, 'enabled') === false) return undefined
  const chosen = (name: string): string | undefined => {
    const value = member(document, name)
    if (typeof value === 'string') return value
    const texts = Object.entries(isObject(value) ? value : {})
    return choose(
      Object.fromEntries(
        texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
    )
  }
  const message = chosen('message')
  const isHtml =
    message !== undefined && (member(document, 'mimeType') === 'text/html' || /^\s*</.test(message))
  const html = chosen('html') ?? (isHtml ? message : undefined)
  const text = isHtml ? undefined : message
  if (html === undefined && text === undefined) return undefined
  const from = member(document, 'from')
  const styles = member(document, 'styles')
  return {
    from: typeof from === 'string' ? from : '',
    subject: chosen('subject') ?? '',
    html:
      html === undefined ? undefined : withStyles(html, typeof styles === 'string' ? styles : ''),
    text,
  }
}

function withStyles(html: string, styles: string): string {
  return styles === '' || /<style\b/i.test(html)
    ? html
    : `<style>${styles.replaceAll('<', '')}</style>\n${html}`
}

/** A letter of a template, with what it says of `object`: `{{object.givenName}}`. What is not there is empty. */
export function letterOf(template: Template, to: Address, object: JsonObject): Letter {
  const { subject, html, text } = template
  const values = { object }
  const filledHtml = html === undefined ? undefined : fill(html, values, escaped)
  return {
    to,
    from: readAddress(template.from),
    subject: fill(subject, values, itself),
    html: filledHtml,
    text: text === undefined ? plainText(filledHtml ?? '') : fill(text, values, itself),
  }
}

const condition =
  /\{\{#if ([\w.]{1,200})\}\}((?:(?!\{\{[#/]if|\{\{else\}\}).)*)(?:\{\{else\}\}((?:(?!\{\{[#/]if).)*))?\{\{\/if\}\}/gs
const placeholder = /\{\{\{\s*([\w./-]{1,200})\s*\}\}\}|\{\{\s*([\w./-]{1,200})\s*\}\}/g

/** Of Handlebars what PingIDM's own templates have: values, plain or raw, and whether there is one. */
function fill(text: string, values: JsonObject, write: (text: string) => string): string {
  return text
    .slice(0, mostText)
    .replaceAll(condition, (_, path: string, yes: string, no: string | undefined) =>
      textAt(values, path) === '' ? (no ?? '') : yes,
    )
    .replaceAll(placeholder, (_, raw: string | undefined, path: string | undefined) =>
      raw === undefined ? write(textAt(values, path ?? '')) : textAt(values, raw),
    )
}

const mostText = 262_144

function textAt(values: JsonObject, path: string): string {
  let found: Json | undefined = values
  for (const name of path.split(/[./]/)) found = isObject(found) ? member(found, name) : undefined
  if (found === undefined || found === null || found === false) return ''
  return typeof found === 'object' ? '' : String(found)
}

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}

const itself = (text: string): string => text
