import type { ShelfName } from '../backend.ts'
import { type BegunMove, begin } from './begin.ts'
import { write } from './copy.ts'
import { countOf } from './differences.ts'
import type { AtWork, Migration } from './migration.ts'
import { switchOver } from './switch-over.ts'
import { signing, thisWorker } from './worker.ts'

/** What came of it. */
export interface Migrated {
  readonly switched: boolean
  /** Records in the new store, by shelf. */
  readonly counts: Readonly<Partial<Record<ShelfName, number>>>
}

/** Passes over what changed meanwhile, at most. */
const mostPasses = 5

/** Goes on until a pass has found no more than this to write. */
const little = 200

/**
 * Copies shelves as they lie there, sealed, from one store to another, and in the end makes the other one
 * the only one that is served. Run again it goes on: what is there already is compared, not written.
 *
 * @throws Error that says what to do.
 */
export async function migrate(migration: Migration): Promise<Migrated> {
  const { moves, now, random } = migration
  const worker = thisWorker(now, random)
  const shelves = moves.map(({ to }) => to)
  const signs = signing(shelves, worker, now)
  try {
    const begun: BegunMove[] = []
    for (const move of moves) begun.push(await begin(move, { worker, now, random }))
    if (begun.every(({ finished }) => finished)) throw new Error('everything was moved already')
    return await moved(begun, { ...migration, signs })
  } finally {
    await signs.end()
  }
}

async function moved(begun: readonly BegunMove[], work: AtWork): Promise<Migrated> {
  if (begun.some(({ moved }) => !moved)) {
    let written = Number.POSITIVE_INFINITY
    for (let pass = 0; pass < mostPasses && written > little; pass += 1) {
      written = 0
      for (const each of begun)
        written += await write(each, work, pass === 0 ? 'copying' : 'following')
    }
    if (!(await work.stopped())) return { switched: false, counts: await countsOf(begun) }
  }
  await switchOver(begun, work)
  return { switched: true, counts: await countsOf(begun) }
}

async function countsOf(begun: readonly BegunMove[]): Promise<Migrated['counts']> {
  const counts: Partial<Record<ShelfName, number>> = {}
  for (const { name, to } of begun) counts[name] = await countOf(to)
  return counts
}
