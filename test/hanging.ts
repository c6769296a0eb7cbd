import { cpuTimeOf } from './cpu.ts'

/** Milliseconds after which a process that does nothing is taken for hanging. */
const patience = 30_000
/** What it must have used by then. One that waits for the processor has far more, however busy the machine is. */
const least = patience / 100

/**
 * Calls `act` when a process hangs: when it has used less than a hundredth of a processor for half a
 * minute, or more than half a minute of one. Gives what ends the watch.
 */
export function whenHanging(pid: number, act: () => void): () => void {
  let since = 0
  const begun = usedBy(pid)
  let used = begun
  const step = 1000
  const watch = setInterval(() => {
    since += step
    const now = usedBy(pid)
    if (now - begun > patience) stop()
    if (since < patience) return
    if (now - used < least) stop()
    since = 0
    used = now
  }, step)
  const end = (): void => clearInterval(watch)
  const stop = (): void => {
    end()
    act()
  }
  return end
}

/** 0 once it has ended: whoever waits for it hears of that otherwise. */
function usedBy(pid: number): number {
  try {
    return cpuTimeOf(pid)
  } catch {
    return 0
  }
}
