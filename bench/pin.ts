import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Server and driver on a core of their own each; false where that cannot be had. */
export function pin(pid: number, core: number): boolean {
  if (availableParallelism() < 2) return false
  try {
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
