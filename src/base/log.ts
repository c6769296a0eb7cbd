import { AsyncLocalStorage } from 'node:async_hooks'
import { channel } from 'node:diagnostics_channel'
import type { Trace } from './trace.ts'
import { currentTrace } from './trace.ts'

/** What an event may carry: never a raw request value that is secret (`server/observe` masks by table as a second line). */
export type EventFields = Readonly<Record<string, unknown>>

/** One event as subscribers of the diagnostics channels `parapet` and `parapet:debug` receive it. */
export interface Event {
  readonly name: string
  readonly level: 'debug' | 'info' | 'warn' | 'alarm'
  readonly fields: EventFields
  /** Of the request during which it happened; undefined for what the server does by itself. */
  readonly trace: Trace | undefined
}

const events = channel('parapet')
const debugEvents = channel('parapet:debug')

let quiet: AsyncLocalStorage<true> | undefined

/** Does what only shows what would happen: none of its events are published, since nothing does. */
export function quietly<T>(work: () => T): T {
  quiet ??= new AsyncLocalStorage()
  return quiet.run(true, work)
}

/** Publishes an event. Costs nothing when nobody listens; few listen to those for debugging. */
export function event(
  name: string,
  fields: EventFields = {},
  level: Event['level'] = 'info',
): void {
  const to = level === 'debug' ? debugEvents : events
  if (to.hasSubscribers && quiet?.getStore() !== true)
    to.publish({ name, level, fields, trace: currentTrace() } satisfies Event)
}

/** Characters of a reason: what is in it may be somebody else's. */
const longestReason = 300

/** What an error says and, down to the first one, the errors that caused it, cut off; for the log only. */
export function reasonOf(error: unknown): string {
  return wholeReason(error).slice(0, longestReason)
}

function wholeReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause === undefined) return error.message
  const below = wholeReason(error.cause)
  // Who made it of its cause may have said that already.
  return error.message.endsWith(below) ? error.message : `${error.message}: ${below}`
}

/** Something that must never happen did: an operator should look. */
export function alarm(name: string, fields: EventFields = {}): void {
  event(name, fields, 'alarm')
}
