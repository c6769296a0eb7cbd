import { base64url } from '../../base/bytes.ts'
import type { Random } from '../../base/random.ts'
import type { ShelfName } from '../backend.ts'
import type { Shelf } from '../store.ts'
import { countOf } from './differences.ts'
import { firstMark, type MigrationMark, markKey, readMark, writeMark } from './mark.ts'

/** One shelf that moves. */
export interface Move {
  readonly name: ShelfName
  readonly from: Shelf
  readonly to: Shelf
  /** Their URLs as they may be shown. */
  readonly fromUrl: string
  readonly toUrl: string
}

/** Gives up a migration that was not finished: the old store may be served again, and what was copied may not. */
export async function abandon(moves: readonly Move[]): Promise<void> {
  const all = await Promise.all(
    moves.map(async (move) => ({
      move,
      here: await readMark(move.to),
      there: await readMark(move.from),
    })),
  )
  for (const { move, here } of all)
    if (here?.role === 'to' && here.state === 'moved')
      throw new Error(
        `the ${move.name} were moved to ${move.toUrl} and are served there: migrate back`,
      )
  for (const { move, there } of all)
    if (there?.role === 'from' && there.other === move.toUrl) await move.from.delete(markKey)
}

/** A shelf whose marks are set. */
export interface Begun extends Move {
  readonly id: string
  /** The switch had been begun before; it had come to its end. */
  readonly moved: boolean
  readonly finished: boolean
  readonly count: number
}

export async function begin(move: Move, random: Random): Promise<Begun> {
  const { from, to, fromUrl, toUrl } = move
  const [there, here] = [await readMark(from), await readMark(to)]
  const known = resumed(move, there, here)
  if (known === undefined && here === undefined && (await countOf(to)) > 0) throw notEmpty(move)
  const id = known ?? base64url(random(12))
  if (known === undefined) {
    // The old store first: a copy without its origin's mark is nobody's.
    await writeMark(from, { id, role: 'from', state: 'copying', other: toUrl })
    const mark = { id, role: 'to', state: 'copying', other: fromUrl } as const
    if (here !== undefined) await writeMark(to, mark)
    else if (!(await firstMark(to, mark))) throw notEmpty(move)
  }
  const state = known === undefined ? undefined : [there?.state, here?.state]
  const [moved, finished] = [state?.[0] === 'moved', state?.[1] === 'moved']
  return { ...move, id, moved, finished, count: await countOf(from) }
}

/** The id of the migration that goes on here, undefined where a new one may begin. */
function resumed(
  move: Move,
  there: MigrationMark | undefined,
  here: MigrationMark | undefined,
): string | undefined {
  const { name, fromUrl, toUrl } = move
  const same = there?.role === 'from' && here?.role === 'to' && there.id === here.id
  if (same) return there.id
  if (there?.role === 'to' && there.state === 'copying')
    throw new Error(`the ${name} of ${fromUrl} are an unfinished copy of ${there.other} themselves`)
  if (there?.role === 'from' && there.state === 'moved')
    throw new Error(`the ${name} of ${fromUrl} were moved to ${there.other}`)
  if (here?.role === 'to' && here.state === 'copying')
    throw new Error(
      `${toUrl} has an unfinished copy of the ${name} of ${here.other}: finish that one, or empty it`,
    )
  const back = here?.role === 'from' && here.state === 'moved' && there?.id === here.id
  if (here !== undefined && !back) throw notEmpty(move)
  return undefined
}

function notEmpty({ name, toUrl }: Move): Error {
  return new Error(`there are ${name} in ${toUrl} already: a migration wants an empty store`)
}
