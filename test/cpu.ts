/**
 * Milliseconds of processor time that a run takes, the best of three: what else the machine is busy
 * with, and what is compiled on the way, is left out.
 */
export async function cpuTime(run: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    const before = process.cpuUsage()
    await run()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}
