import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Event } from '../../base/log.ts'
import { timestamp } from '../../base/time.ts'
import type { Settings } from '../settings.ts'
import { maskField, maskFields } from './mask.ts'
import { type LineOutput, lineOutput } from './output.ts'

/** How events become lines. */
export interface LogOptions {
  readonly level: Settings['logLevel']
  readonly format: Settings['logFormat']
}

const levels = { debug: 0, info: 1, warn: 2, alarm: 3, off: 4 }

/**
 * Writes one line for every event, to standard output if nothing else is given. Gives the function
 * that ends it, and settles when all is written. JSON lines have `level`, `time` (RFC 3339, UTC), `event` and `fields`.
 */
export function logLines(
  { level, format }: LogOptions,
  output: LineOutput = lineOutput(process.stdout.fd),
): () => Promise<void> {
  const line = format === 'pretty' ? prettyLine : jsonLine
  const listener = (message: unknown): void => {
    const event = message as Event
    if (levels[event.level] >= levels[level]) output.write(oneLine(line(event)))
  }
  const channels = level === 'debug' ? ['parapet', 'parapet:debug'] : ['parapet']
  for (const name of channels) subscribe(name, listener)
  return () => {
    for (const name of channels) unsubscribe(name, listener)
    return output.written()
  }
}

function jsonLine({ level, name, fields, trace }: Event): string {
  let members = ''
  for (const field of Object.keys(fields)) {
    const text = jsonOf(maskField(field, fields[field]))
    if (text !== undefined) members += `${members === '' ? '' : ','}${quoted(field)}:${text}`
  }
  const request = trace === undefined ? '' : `"request":"${trace.id}",`
  return `{"level":"${level}","time":"${timestamp()}","event":${quoted(name)},${request}"fields":{${members}}}`
}

/** JSON text of a value; what most values are needs no escaping. */
function jsonOf(value: unknown): string | undefined {
  return typeof value === 'string' && plain.test(value) ? `"${value}"` : JSON.stringify(value)
}

const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

const quotedNames = new Map<string, string>()

/** The names of events and fields are few, and each is written many times. */
function quoted(name: string): string {
  let text = quotedNames.get(name)
  if (text === undefined) {
    text = JSON.stringify(name)
    if (quotedNames.size < 1000) quotedNames.set(name, text)
  }
  return text
}

/** `12:34:56 warn  client.refused client_id="x"`, for a person. */
function prettyLine({ level, name, fields, trace }: Event): string {
  const pairs = Object.entries(maskFields(fields))
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${word(key)}=${JSON.stringify(value)}`)
  const request = trace === undefined ? '' : ` request=${trace.id}`
  return `${timestamp().slice(11, 19)} ${level.padEnd(5)} ${word(name)}${pairs.join('')}${request}`
}

/** A name as it is when it is one, else quoted like a value. */
function word(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name)
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
