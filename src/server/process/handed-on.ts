import type { SendHandle } from 'node:child_process'
import type { Worker } from 'node:cluster'

/** A connection as a primary hands it on: Node closes its own end of it once a worker says that it has taken it. */
interface HandedOn {
  close(): void
}

/** Whom each was handed last: what a worker that is about to end has not taken goes to another one. */
const handedTo = new WeakMap<HandedOn, Worker>()

/**
 * Closes what a worker was handed and had not taken when it died: whoever made that connection would wait for an answer, and
 * nobody would ever give one. A worker is handed one at a time, the next once it has taken that.
 */
export function closeUntaken(worker: Worker): void {
  const child = worker.process
  const send = child.send.bind(child) as (message: unknown, ...more: unknown[]) => boolean
  let last: HandedOn | undefined
  const watched = (message: unknown, handle?: SendHandle, ...more: unknown[]): boolean => {
    if (isHandedOn(handle)) {
      last = handle
      handedTo.set(handle, worker)
    }
    return send(message, handle, ...more)
  }
  Object.assign(child, { send: watched })
  child.once('close', () => {
    if (last !== undefined && handedTo.get(last) === worker) last.close()
  })
}

function isHandedOn(handle: unknown): handle is HandedOn {
  return typeof handle === 'object' && handle !== null && 'close' in handle
}
