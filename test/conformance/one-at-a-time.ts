import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** One file for all runs of a user: SQLite locks it, and the system lets go of it whenever a process ends. */
const path = join(tmpdir(), `parapet-conformance-${userInfo().uid}.lock`)

/** Milliseconds: longer than what others do meanwhile takes, by far. */
const patience = 30_000

/** Does what no other process of this user on this machine may do at the same time. @throws Error where that has no end. */
export function oneAtATime<T>(act: () => T): T {
  const lock = new DatabaseSync(path, { timeout: patience })
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return act()
  } finally {
    lock.close()
  }
}
