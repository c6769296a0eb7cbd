import { delay } from '../base/time.ts'

/** Calls it once a second, without holding the process alive. */
export function keepDoing(work: (second: number) => Promise<void>): { stop(): void } {
  let stopped = false
  const loop = async (): Promise<void> => {
    for (let second = 1; !stopped; second += 1) {
      await delay(1000, false)
      await work(second)
    }
  }
  void loop()
  return {
    stop() {
      stopped = true
    },
  }
}
