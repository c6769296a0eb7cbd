import type { Ready } from './ready.ts'
import { nextTurn } from './time.ts'

/** Those who wait, in the order in which they came. */
const waiting: (() => void)[] = []

/** Somebody has begun in this turn of the event loop. */
let begun = false

/**
 * Does work that is not urgent: of all such work, one is begun in a turn of the event loop. So many people who log in at
 * once wait for each other, and what came meanwhile from clients is answered between any two of them.
 */
export function oneATurn<T>(work: () => Ready<T>): Ready<T> {
  if (begun) return new Promise<void>((resolve) => waiting.push(resolve)).then(work)
  begun = true
  void nextTurn().then(goOn)
  return work()
}

function goOn(): void {
  const next = waiting.shift()
  begun = next !== undefined
  if (next === undefined) return
  next()
  void nextTurn().then(goOn)
}
