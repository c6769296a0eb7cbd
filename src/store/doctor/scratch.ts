import { reasonOf } from '../../base/log.ts'
import { type Clock, isoTime } from '../../base/time.ts'
import { type Shelf, StoreUnavailable } from '../store.ts'
import type { Finding } from './finding.ts'

/** Where the doctor's keys are, and until when at most. */
export interface Scratch {
  /** All keys lie in these folders of the records; a Redis Cluster keeps each of them on one of its masters. */
  readonly folders: readonly string[]
  /** Seconds. */
  readonly expiry: number
  readonly shelf: Shelf
  readonly now: Clock
}

/** So many, that the masters of a cluster share them. */
const folders = 8

/** Seconds after which what could not be removed goes by itself. */
const lives = 3600

/** A scratch space of its own: `name` is found nowhere else. */
export function scratchOn(shelf: Shelf, name: string, now: Clock): Scratch {
  return {
    folders: Array.from({ length: folders }, (_, i) => `doctor/${name}/${i}`),
    ...{ expiry: now() + lives, shelf, now },
  }
}

/** A key's folder, and one that is another, by turns. */
export function folderOf({ folders }: Scratch, turn: number): string {
  return folders[turn % folders.length] ?? ''
}

/** Removes everything, and looks that nothing is left. Never throws: what went wrong is what was found. */
export async function cleared({ folders, shelf, expiry }: Scratch): Promise<Finding> {
  const what = 'nothing is left of what was tried'
  try {
    let removed = 0
    for (const folder of folders) removed += await emptied(shelf, folder)
    return { what, outcome: 'proved', detail: `${removed} records were removed, none is listed` }
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    const ends = `what is there ends by itself at ${isoTime(expiry)}`
    return { what, outcome: 'unproved', detail: `not removed: ${reasonOf(error)}; ${ends}` }
  }
}

/** The marks of a folder are in it too. */
async function emptied(shelf: Shelf, folder: string): Promise<number> {
  let removed = 0
  for (;;) {
    const { keys } = await shelf.list(folder, 500)
    if (keys.length === 0) return removed
    await Promise.all(keys.map((key) => shelf.delete(key)))
    removed += keys.length
  }
}
