import { readdirSync, readlinkSync, realpathSync } from 'node:fs'

/**
 * Another process that has a file open, as far as the system tells (Linux, processes of the same user).
 * Servers of format 1 that write on a thread hold no lock on the file by which they could be noticed.
 */
export function otherHolder(file: string): number | undefined {
  const path = realpathSync(file)
  const processes = listed('/proc').filter((name) => /^\d+$/.test(name))
  const holder = processes.find((pid) => Number(pid) !== process.pid && holds(pid, path))
  return holder === undefined ? undefined : Number(holder)
}

function holds(pid: string, path: string): boolean {
  return listed(`/proc/${pid}/fd`).some((fd) => target(`/proc/${pid}/fd/${fd}`) === path)
}

/** Nothing where there is no such folder, or it is another user's. */
function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** What has been closed meanwhile leads nowhere. */
function target(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}
