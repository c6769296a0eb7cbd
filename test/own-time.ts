/**
 * Starts to count, and gives the milliseconds counted so far: turns of a timer of this very process.
 * Whenever the process has to wait for the processor, so does the counting, so that a limit which is kept
 * within the process is seen to be kept however busy the machine is. It never counts more than the clock.
 */
export function ownTime(): () => number {
  const step = 100
  let turns = 0
  setInterval(() => {
    turns += 1
  }, step).unref()
  return () => turns * step
}
