import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import { type StoresOptions, shelfNames } from '../backend.ts'
import { anyShelves, shownUrl } from '../index.ts'
import { type Move, refuseElsewhere } from './begin.ts'
import { markKey, readMark } from './mark.ts'
import { type Ends, openEnds, urlsOf } from './open.ts'
import { refuseOther, thisWorker } from './worker.ts'

/**
 * Gives up a migration that was not finished: the old store may be served again, and what was copied may not. The new
 * store may be gone by then. @throws Error that says what stands against it.
 */
export async function abandon(from: StoresOptions, to: StoresOptions): Promise<void> {
  let ends: Ends
  try {
    ends = await openEnds(from, to)
  } catch (error) {
    if (await abandonGone(from, to)) return
    throw error
  }
  try {
    await abandonMoves(ends.moves, from.now, from.random)
  } finally {
    await ends.close()
  }
}

async function abandonMoves(moves: readonly Move[], now: Clock, random: Random): Promise<void> {
  const all = await Promise.all(
    moves.map(async (move) => ({
      move,
      here: await readMark(move.to),
      there: await readMark(move.from),
    })),
  )
  for (const { move, here } of all) {
    refuseOther(here, thisWorker(now, random), now)
    if (here?.role === 'to' && here.state === 'moved')
      throw new Error(
        `the ${move.name} were moved to ${move.toUrl} and are served there: migrate back`,
      )
  }
  for (const { move, there } of all) refuseElsewhere(move, there)
  const begun = all.filter(
    ({ move, there }) => there?.role === 'from' && there.other === move.toUrl,
  )
  const [first] = moves
  if (begun.length === 0 && first !== undefined)
    throw new Error(`nothing is being copied from ${first.fromUrl} to ${first.toUrl}`)
  for (const { move } of begun) await move.from.delete(markKey)
}

/** As long as the switch was not begun nobody can serve the new store. Tells whether this migration was begun. */
async function abandonGone(from: StoresOptions, to: StoresOptions): Promise<boolean> {
  const [here, there] = [urlsOf(from), urlsOf(to)]
  const names = shelfNames.filter((name) => here[name] !== there[name])
  const old = await anyShelves(from)
  try {
    const marks = await Promise.all(names.map((name) => readMark(old[name])))
    const begun = marks.every(
      (mark, i) =>
        mark?.role === 'from' &&
        mark.state === 'copying' &&
        mark.other === shownUrl(there[names[i] ?? 'records']),
    )
    if (begun) await Promise.all(names.map((name) => old[name].delete(markKey)))
    return begun
  } finally {
    await Promise.all(shelfNames.map((name) => old[name].close()))
  }
}
