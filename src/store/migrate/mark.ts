/* What a migration leaves in the shelves it goes from and to: whether they may be served. */
import type { ShelfName } from '../backend.ts'
import type { Store } from '../store.ts'
import { never } from '../store.ts'
import { update } from '../update.ts'
import type { Worker } from './worker.ts'

/**
 * The mark's key in each shelf that takes part. Its value is JSON in clear, since a migration reads and writes
 * shelves as they lie there; it names no secret.
 */
export const markKey = 'migration'

/** What stands there. */
export interface MigrationMark {
  /** Drawn for each migration, the same on both sides. */
  readonly id: string
  /** Whether this shelf is the one that is copied, or the copy. */
  readonly role: 'from' | 'to'
  /** `copying`: the old store serves. `moved`: the new one does. */
  readonly state: 'copying' | 'moved'
  /** The other store's URL, as it may be shown. */
  readonly other: string
  /** Who copies; only in the copy, and only while somebody does. */
  readonly worker?: Worker | undefined
}

/** The mark of a shelf, if any migration ever touched it. */
export async function readMark(shelf: Pick<Store, 'get'>): Promise<MigrationMark | undefined> {
  const stored = await shelf.get(markKey)
  return stored === undefined ? undefined : (JSON.parse(stored.value.toString()) as MigrationMark)
}

/**
 * Puts what `change` makes of a mark in its place, if it is still the one that `change` was given; undefined: nothing.
 * What it throws is thrown.
 */
export async function changeMark(
  shelf: Store,
  change: (mark: MigrationMark | undefined) => MigrationMark | undefined,
): Promise<void> {
  await update(shelf, markKey, 'the mark of the migration', (stored) => {
    const mark = stored && (JSON.parse(stored.value.toString()) as MigrationMark)
    const changed = change(mark)
    return changed && Buffer.from(JSON.stringify(changed))
  })
}

/** Puts a mark into a shelf in which nothing is yet: false where one was written there meanwhile. */
export async function firstMark(shelf: Store, mark: MigrationMark): Promise<boolean> {
  return (await shelf.insert(markKey, Buffer.from(JSON.stringify(mark)), never)) === 'won'
}

/** Why a shelf with this mark must not be served; undefined: it may. */
export function unserved(mark: MigrationMark | undefined, name: ShelfName): string | undefined {
  if (mark?.role === 'to' && mark.state === 'copying')
    return `the ${name} there are an unfinished copy of ${mark.other}: \`parapet migrate\` goes on with it`
  if (mark?.role === 'from' && mark.state === 'moved')
    return `the ${name} were moved to ${mark.other}: what is spent there could be spent here again`
  return undefined
}
