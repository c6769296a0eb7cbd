import type { DatabaseSync } from 'node:sqlite'
import { reasonOf } from '../../base/log.ts'
import type { Random } from '../../base/random.ts'
import type { Ready } from '../../base/ready.ts'
import { delay } from '../../base/time.ts'
import { damageTo } from '../damage.ts'
import type { GroupCommit } from '../queue.ts'
import { StoreUnavailable } from '../store.ts'
import { isBusy, isCorrupt } from './format.ts'
import { requireIntact } from './intact.ts'
import { markFile } from './mark.ts'
import { watchFiles } from './watch.ts'

/** Times a read is tried again, a few milliseconds apart, while another process recovers the file. */
const readAttempts = 100

/** What is known, while a file is open, of whether it can be relied on. */
export interface Trust {
  /** Reads at once. */
  once<T>(read: () => T): T
  /** Reads at once, or after some pauses if another process recovers the file just now. */
  patiently<T>(read: () => T): Ready<T>
  /** The same commit, made only into a file that somebody will find again. */
  guarded(commit: GroupCommit): GroupCommit
  /** Whether pages were not readable, or the file is gone. */
  damaged(): boolean
  stop(): void
}

/** Looks at a file that was just opened, and closes it if it is not as it was left. */
export function trustIn(db: DatabaseSync, file: string, random: Random): Trust {
  try {
    requireIntact(db, file, random)
  } catch (error) {
    db.close()
    throw error
  }
  const watch = watchFiles([file, `${file}-wal`, `${file}-shm`, markFile(file)])
  const damage = damageTo(file)
  const present = (): void => {
    const missing = watch.missing()
    if (missing !== undefined) throw new StoreUnavailable(`${missing} was deleted or replaced`)
  }
  const failed = (cause: unknown, what: string): StoreUnavailable => {
    if (cause instanceof StoreUnavailable) return cause
    if (isCorrupt(cause)) damage.note(reasonOf(cause))
    return new StoreUnavailable(what, { cause })
  }
  const attempt = <T>(read: () => T): T => {
    present()
    return read()
  }
  const once = <T>(read: () => T): T => {
    try {
      return attempt(read)
    } catch (cause) {
      throw failed(cause, 'not readable')
    }
  }
  return {
    once,
    patiently(read) {
      try {
        return attempt(read)
      } catch (cause) {
        if (isBusy(cause)) return retried(() => once(read))
        throw failed(cause, 'not readable')
      }
    },
    guarded(commit) {
      const refused = (error: unknown): never => {
        throw isCorrupt(error) ? failed(error, 'not written') : error
      }
      return (writes, now) => {
        present()
        try {
          const done = commit(writes, now)
          return done instanceof Promise ? done.catch(refused) : done
        } catch (error) {
          return refused(error)
        }
      }
    },
    damaged: () => damage.noted() || watch.missing() !== undefined,
    stop: () => watch.stop(),
  }
}

/** Reads until no other process recovers the file; a `read` says that by the cause of its error. */
async function retried<T>(read: () => T): Promise<T> {
  for (let attempts = 1; attempts < readAttempts; attempts += 1) {
    await delay(5)
    try {
      return read()
    } catch (error) {
      if (!isBusy((error as Error).cause)) throw error
    }
  }
  return read()
}
