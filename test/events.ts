import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Event } from '../src/base/log.ts'

/** Runs something and gives what it answers and every event it caused. */
export async function withEvents<T>(
  run: () => Promise<T>,
): Promise<{ readonly value: T; readonly events: readonly Event[] }> {
  const events: Event[] = []
  const note = (message: unknown): void => {
    events.push(message as Event)
  }
  for (const name of ['parapet', 'parapet:debug']) subscribe(name, note)
  try {
    return { value: await run(), events }
  } finally {
    for (const name of ['parapet', 'parapet:debug']) unsubscribe(name, note)
  }
}
