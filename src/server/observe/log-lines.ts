import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino'
import type { Event } from '../../base/log.ts'
import type { Settings } from '../settings.ts'
import { maskFields } from './mask.ts'

/** How events become lines. */
export interface LogOptions {
  readonly level: Settings['logLevel']
  readonly format: Settings['logFormat']
}

const levels = { debug: 20, info: 30, warn: 40, alarm: 50 }
const off = 100

/**
 * Writes one line for every event, to standard output if nothing else is given. Gives the function
 * that ends it. JSON lines have `level`, `time` (RFC 3339, UTC), `event` and `fields`.
 */
export function logLines({ level, format }: LogOptions, to?: DestinationStream): () => void {
  const stream = to ?? standardOutput(format)
  const logger = pino(
    {
      base: null,
      level: 'debug',
      customLevels: levels,
      useOnlyCustomLevels: true,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: stdTimeFunctions.isoTime,
      messageKey: 'event',
      nestedKey: 'fields',
      hooks: { streamWrite: format === 'pretty' ? pretty : oneLine },
    },
    stream,
  )
  const least = level === 'off' ? off : levels[level]
  const listener = (message: unknown): void => writeEvent(logger, message as Event, least)
  subscribe('parapet', listener)
  return () => unsubscribe('parapet', listener)
}

function writeEvent(
  logger: Logger<keyof typeof levels>,
  { name, level, fields }: Event,
  least: number,
): void {
  if (levels[level] >= least) logger[level](maskFields(fields), name)
}

/**
 * Lines are gathered and written a few times a second: a write for each would cost a push more than
 * the push. A terminal gets them at once.
 */
function standardOutput(format: LogOptions['format']): DestinationStream {
  if (format === 'pretty' || process.stdout.isTTY) return destination({ dest: 1, sync: true })
  const stream = destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 200 })
  process.once('exit', () => stream.flushSync())
  return stream
}

/** JSON escapes C0 only; C1, line separators and marks that turn text around could still fool a reader. */
const unsafe = /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

function oneLine(line: string): string {
  return line.replace(unsafe, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0')
    return `\\u${code}`
  })
}

interface Line {
  readonly level: string
  readonly time: string
  readonly event: string
  readonly fields?: Readonly<Record<string, unknown>>
}

/** `12:34:56 warn  client.refused client_id="x"`: a JSON line as a person reads it. */
function pretty(line: string): string {
  const { level, time, event, fields = {} } = JSON.parse(line) as Line
  const pairs = Object.entries(fields).map(
    ([name, value]) => ` ${word(name)}=${JSON.stringify(value)}`,
  )
  return `${oneLine(`${time.slice(11, 19)} ${level.padEnd(5)} ${word(event)}${pairs.join('')}`)}\n`
}

/** A name as it is when it is one, else quoted like a value. */
function word(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name)
}
