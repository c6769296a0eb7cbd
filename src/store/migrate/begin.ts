import { base64url } from '../../base/bytes.ts'
import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import type { ShelfName } from '../backend.ts'
import type { Shelf } from '../store.ts'
import { countOf } from './differences.ts'
import { changeMark, firstMark, type MigrationMark, readMark } from './mark.ts'
import { refuseOther, type Worker } from './worker.ts'

/** One shelf that moves. */
export interface Move {
  readonly name: ShelfName
  readonly from: Shelf
  readonly to: Shelf
  /** Their URLs as they may be shown. */
  readonly fromUrl: string
  readonly toUrl: string
}

/** A shelf whose marks are set. */
export interface BegunMove extends Move {
  readonly id: string
  /** The switch had been begun before; it had come to its end. */
  readonly moved: boolean
  readonly finished: boolean
  readonly count: number
}

/** Who begins, and by which clock. */
export interface Beginner {
  readonly worker: Worker
  readonly now: Clock
  readonly random: Random
}

/** Sets the marks of a shelf, or takes those up that are there. @throws Error that says what stands against it. */
export async function begin(move: Move, { worker, now, random }: Beginner): Promise<BegunMove> {
  const { from, to, fromUrl, toUrl } = move
  const [there, here] = [await readMark(from), await readMark(to)]
  refuseOther(here, worker, now)
  const known = resumed(move, there, here)
  if (known === undefined && here === undefined && (await countOf(to)) > 0) throw notEmpty(move)
  const id = known ?? base64url(random(12))
  const copy = { id, role: 'to', state: here?.state ?? 'copying', other: fromUrl, worker } as const
  if (known === undefined) {
    // The old store first: a copy without its origin's mark is nobody's.
    await changeMark(from, (mark) => {
      refuseElsewhere(move, mark)
      return { id, role: 'from', state: 'copying', other: toUrl }
    })
  }
  if (here === undefined && !(await firstMark(to, copy))) throw notEmpty(move)
  if (here !== undefined)
    await changeMark(to, (mark) => {
      refuseOther(mark, worker, now)
      return known === undefined ? { ...copy, state: 'copying' } : { ...copy, ...mark, worker }
    })
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
  refuseElsewhere(move, there)
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

/** Two copies of one store would both be served in the end. @throws Error that names the other one. */
export function refuseElsewhere(
  { name, fromUrl, toUrl }: Pick<Move, 'name' | 'fromUrl' | 'toUrl'>,
  there: MigrationMark | undefined,
): void {
  if (there?.role !== 'from' || there.state !== 'copying' || there.other === toUrl) return
  throw new Error(
    `the ${name} of ${fromUrl} are being copied to ${there.other}: finish that migration, or give it up with --abandon`,
  )
}
