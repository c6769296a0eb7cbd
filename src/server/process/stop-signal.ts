import { constants } from 'node:os'

/**
 * Milliseconds in which a second signal is the same wish: for one Ctrl-C under `npm start` the terminal
 * sends one, and npm another.
 */
const sameWish = 500

/** Settles at the first signal to stop; a later second one ends the process at once, by its default. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const letThrough = (): void => {
      process.off('SIGTERM', stop)
      process.off('SIGINT', stop)
      // The first process of a container is spared by every signal that it does not catch.
      if (process.pid === 1)
        for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, end)
    }
    let wished = false
    const stop = (): void => {
      if (wished) return
      wished = true
      setTimeout(letThrough, sameWish).unref()
      resolve()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}

function end(signal: 'SIGTERM' | 'SIGINT'): void {
  process.exit(128 + constants.signals[signal])
}
