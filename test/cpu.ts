import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Milliseconds of processor time that a run takes, the best of three, or of as many as are said: what
 * else the machine is busy with, and what is compiled on the way, is left out.
 */
export async function cpuTime(run: () => unknown, times = 3): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < times; i++) {
    const before = process.cpuUsage()
    await run()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

/** Milliseconds of processor time that another process has taken so far. */
export function cpuTimeOf(pid: number): number {
  if (process.platform === 'linux') {
    // Behind the name, which may hold anything, in hundredths of a second: proc(5).
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  }
  // Elsewhere `ps` tells hundredths too: [[days-]hours:]minutes:seconds.
  const shown = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' })
  return (
    1000 *
    shown
      .trim()
      .split(/[:-]/)
      .reduce((sum, part) => sum * 60 + Number(part), 0)
  )
}
