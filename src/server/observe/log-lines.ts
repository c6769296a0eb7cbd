import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Event } from '../../base/log.ts'
import { timestamp } from '../../base/time.ts'
import type { Settings } from '../settings.ts'
import { escaped, jsonMembers, quoted } from './json-line.ts'
import { maskFields } from './mask.ts'
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
    if (levels[event.level] >= levels[level]) output.write(line(event))
  }
  const channels = level === 'debug' ? ['parapet', 'parapet:debug'] : ['parapet']
  for (const name of channels) subscribe(name, listener)
  return () => {
    for (const name of channels) unsubscribe(name, listener)
    return output.written()
  }
}

function jsonLine({ level, name, fields, trace }: Event): string {
  const request = trace === undefined ? '' : `"request":"${trace.id}",`
  return `{"level":"${level}","time":"${timestamp()}","event":${quoted(name)},${request}"fields":{${jsonMembers(fields)}}}\n`
}

/** `12:34:56 warn  client.refused client_id="x"`, for a person. */
function prettyLine({ level, name, fields, trace }: Event): string {
  const pairs = Object.entries(maskFields(fields))
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${word(key)}=${JSON.stringify(value)}`)
  const request = trace === undefined ? '' : ` request=${trace.id}`
  const said = escaped(`${word(name)}${pairs.join('')}${request}`)
  return `${timestamp().slice(11, 19)} ${level.padEnd(5)} ${said}\n`
}

/** A name as it is when it is one, else quoted like a value. */
function word(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name)
}
