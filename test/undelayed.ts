import { mock } from 'node:test'

const { setTimeout: realTimeout } = globalThis

/** Lets the other threads work for a moment, while the timers are held. */
export function moment(milliseconds = 1): Promise<void> {
  return new Promise((go) => realTimeout(go, milliseconds))
}

/** Runs with the delays of answers passing at once. */
export async function undelayed<T>(run: () => Promise<T>): Promise<T> {
  mock.timers.enable({ apis: ['setTimeout'] })
  let over = false
  const ticking = (async () => {
    while (!over) {
      mock.timers.tick(5000)
      await moment()
    }
  })()
  try {
    return await run()
  } finally {
    over = true
    await ticking
    mock.timers.reset()
  }
}
