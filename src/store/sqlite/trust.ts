import type { DatabaseSync } from 'node:sqlite'
import { reasonOf } from '../../base/log.ts'
import type { Random } from '../../base/random.ts'
import type { Ready } from '../../base/ready.ts'
import { delay } from '../../base/time.ts'
import { type Damage, damageTo } from '../damage.ts'
import { StoreUnavailable } from '../store.ts'
import { isBusy, isCorrupt } from './format.ts'
import { requireIntact } from './intact.ts'
import { markFile } from './mark.ts'
import { type Watch, watchFiles } from './watch.ts'

/** Times a read is tried again, a few milliseconds apart, while another process recovers the file. */
const readAttempts = 100

/**
 * What is known, while a file is open, of whether it can be relied on. Nothing of this is entered on
 * the way of a write that goes well: whoever makes it looks at `files.missing`.
 */
export interface Trust {
  /** The files that must stay those that were opened. */
  readonly files: Watch
  /** Throws unless what was missing has come back. */
  requireFiles(): void
  /** What a failed read means to whoever asked for it. */
  readonly unreadable: (cause: unknown) => StoreUnavailable
  /** Throws what a failed write means. */
  readonly unwritten: (cause: unknown) => never
  /** Reads at once. */
  once<T>(read: () => T): T
  /** Reads at once, or after some pauses if another process recovers the file just now. */
  patiently<T>(read: () => T): Ready<T>
  /** Whether pages were not readable, or the file is gone. */
  damaged(): boolean
}

/** Looks at a file that was just opened, and closes it if it is not as it was left. */
export function trustIn(db: DatabaseSync, file: string, random: Random): Trust {
  try {
    requireIntact(db, file, random)
  } catch (error) {
    db.close()
    throw error
  }
  const files = watchFiles([file, `${file}-wal`, `${file}-shm`, markFile(file)])
  const damage = damageTo(file)
  const requireFiles = (): void => {
    const missing = files.missing && files.look()
    if (missing !== undefined) throw new StoreUnavailable(`${missing} was deleted or replaced`)
  }
  const unreadable = (cause: unknown): StoreUnavailable => noted(damage, cause, 'not readable')
  return {
    files,
    requireFiles,
    unreadable,
    unwritten(cause) {
      throw isCorrupt(cause) ? noted(damage, cause, 'not written') : cause
    },
    ...readsOf(requireFiles, unreadable),
    // Once something is missing it is worth a call to see whether it came back.
    damaged: () => damage.noted() || (files.missing && files.look()) !== undefined,
  }
}

/** An error as a store tells it; that pages are not readable is noted. */
function noted(damage: Damage, cause: unknown, what: string): StoreUnavailable {
  if (cause instanceof StoreUnavailable) return cause
  if (isCorrupt(cause)) damage.note(reasonOf(cause))
  return new StoreUnavailable(what, { cause })
}

function readsOf(
  requireFiles: () => void,
  unreadable: (cause: unknown) => StoreUnavailable,
): Pick<Trust, 'once' | 'patiently'> {
  const once = <T>(read: () => T): T => {
    try {
      requireFiles()
      return read()
    } catch (cause) {
      throw unreadable(cause)
    }
  }
  return {
    once,
    patiently(read) {
      try {
        requireFiles()
        return read()
      } catch (cause) {
        if (isBusy(cause)) return retried(() => once(read))
        throw unreadable(cause)
      }
    },
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
