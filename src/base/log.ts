import { channel } from 'node:diagnostics_channel'

/** What an event may carry: never a raw request value that is secret (`server/observe` masks by table as a second line). */
export type EventFields = Readonly<Record<string, unknown>>

/** One event as subscribers of the diagnostics channels `parapet` and `parapet:debug` receive it. */
export interface Event {
  readonly name: string
  readonly level: 'debug' | 'info' | 'warn' | 'alarm'
  readonly fields: EventFields
}

const events = channel('parapet')
const debugEvents = channel('parapet:debug')

/** Publishes an event. Costs nothing when nobody listens; few listen to those for debugging. */
export function event(
  name: string,
  fields: EventFields = {},
  level: Event['level'] = 'info',
): void {
  const to = level === 'debug' ? debugEvents : events
  if (to.hasSubscribers) to.publish({ name, level, fields } satisfies Event)
}

/** What an error says and, down to the first one, the errors that caused it; for the log only. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`
}

/** Something that must never happen did: an operator should look. */
export function alarm(name: string, fields: EventFields = {}): void {
  event(name, fields, 'alarm')
}
