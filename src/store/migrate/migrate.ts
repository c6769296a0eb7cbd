import type { Random } from '../../base/random.ts'
import { type Clock, delay } from '../../base/time.ts'
import type { ShelfName } from '../backend.ts'
import { type Shelf, StoreUnavailable } from '../store.ts'
import { lost, untilDecided } from '../update.ts'
import { type Begun, begin, type Move } from './begin.ts'
import { countOf, differences } from './differences.ts'
import { changeMark, type MigrationMark } from './mark.ts'
import { type Signs, signing, thisWorker } from './worker.ts'

/** What a migration is given. */
export interface Migration {
  readonly moves: readonly Move[]
  readonly now: Clock
  readonly random: Random
  /** Told of each step: what is done, of about how many; `done` counts up to `all`, more where much was written meanwhile. */
  readonly tell: (step: Step) => void
  /** Asked when little is left: true once no server serves the old store any more. */
  readonly stopped: () => Promise<boolean>
  /** A process that has the old store open, where that can be told. */
  readonly holder: () => number | undefined
  /** Milliseconds from the mark of the switch until every server has seen it. */
  readonly settle: number
}

export interface Step {
  readonly what: 'copying' | 'following' | 'switching' | 'verifying'
  readonly name: ShelfName
  readonly done: number
  readonly all: number
}

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

/** How often the last pass is made anew because somebody wrote meanwhile. */
const lastPasses = 3

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
    const begun: Begun[] = []
    for (const move of moves) begun.push(await begin(move, { worker, now, random }))
    if (begun.every(({ finished }) => finished)) throw new Error('everything was moved already')
    return await moved(begun, { ...migration, signs })
  } finally {
    await signs.end()
  }
}

interface AtWork extends Migration {
  readonly signs: Signs
}

async function moved(begun: readonly Begun[], work: AtWork): Promise<Migrated> {
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

/** Writes to the new store what the old one has otherwise; tells how many records that were. */
async function write(
  { name, from, to, count }: Begun,
  { now, tell, signs }: AtWork,
  what: Step['what'],
): Promise<number> {
  let [done, written] = [0, 0]
  const looked = (more: number): void => {
    done += more
    tell({ what, name, done, all: count })
  }
  for await (const page of differences({ of: from, against: to, count, now, looked })) {
    signs.check()
    await Promise.all(page.map((record) => patiently(() => put(to, record))))
    written += page.length
  }
  return written
}

type Written = Awaited<ReturnType<Shelf['walk']>>['records'][number]

async function put(to: Shelf, { key, value, expiry }: Written): Promise<void> {
  await untilDecided(key, async () => {
    if ((await to.insert(key, value, expiry)) === 'won') return 'written'
    const stored = await to.get(key)
    if (stored === undefined) return lost
    return (await to.replace(key, stored.version, value, expiry)) === 'won' ? 'written' : lost
  })
}

/** Tries again for half a minute: what is written twice is written once. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || tries === 30) throw error
      await delay(1000)
    }
  }
}

/** Makes both the same, to the last record, and the new one the one that is served. */
async function switchOver(begun: readonly Begun[], migration: AtWork): Promise<void> {
  const { holder, settle, signs } = migration
  refuseHolder(holder())
  signs.check()
  for (const { id, from, toUrl } of begun)
    await settleMark(from, { id, role: 'from', other: toUrl })
  await delay(settle)
  for (let pass = 1; ; pass += 1) {
    const before = await countsOfChanges(begun)
    for (const each of begun) {
      await write(each, migration, 'switching')
      await removeGone(each, migration)
    }
    let different: string | undefined
    for (const each of begun) different ??= await differentKey(each, migration)
    const after = await countsOfChanges(begun)
    refuseHolder(holder())
    if (different === undefined && after.every((count, i) => count === before[i])) break
    if (pass === lastPasses) throw stillWritten(different)
  }
  signs.check()
  for (const { id, to, fromUrl } of begun) await settleMark(to, { id, role: 'to', other: fromUrl })
}

/** Says that it is moved, where the mark is still this migration's. */
async function settleMark(shelf: Shelf, own: Omit<MigrationMark, 'state'>): Promise<void> {
  await changeMark(shelf, (mark) => {
    if (mark?.id !== own.id) throw new Error('another migration has begun there meanwhile')
    return { ...own, state: 'moved' }
  })
}

/** Undefined where a store answers another number each time, and so tells nothing by it. */
function countsOfChanges(begun: readonly Begun[]): Promise<readonly (number | undefined)[]> {
  return Promise.all(
    begun.map(async ({ from }) => {
      const [count, again] = [await from.changeCount(), await from.changeCount()]
      return count === again ? count : undefined
    }),
  )
}

function refuseHolder(pid: number | undefined): void {
  if (pid !== undefined)
    throw new Error(
      `process ${pid} has the old store open: stop its servers, then go on with --switch`,
    )
}

/** What is gone in the old store goes in the new one: so does what was spent by being deleted. */
async function removeGone({ from, to, count }: Begun, { now }: Migration): Promise<void> {
  const looked = (): void => undefined
  for await (const page of differences({ of: to, against: from, count, now, looked }))
    await Promise.all(
      page.map(async ({ key }) => {
        if ((await from.get(key)) === undefined) await patiently(() => to.delete(key))
      }),
    )
}

function stillWritten(key: string | undefined): Error {
  const seen = key === undefined ? '' : ` (${key} is not the same in both)`
  return new Error(
    `somebody still writes to one of the stores${seen}: stop all servers on them, then go on with --switch`,
  )
}

/** Compares every record, both ways; the key of one that is not the same. */
async function differentKey(
  { name, from, to, count }: Begun,
  { now, tell }: Migration,
): Promise<string | undefined> {
  let done = 0
  const looked = (more: number): void => {
    done += more
    tell({ what: 'verifying', name, done, all: 2 * count })
  }
  for (const [of, against] of [
    [from, to],
    [to, from],
  ] as const)
    for await (const [different] of differences({ of, against, count, now, looked }))
      if (different !== undefined) return different.key
  return undefined
}

async function countsOf(begun: readonly Begun[]): Promise<Migrated['counts']> {
  const counts: Partial<Record<ShelfName, number>> = {}
  for (const { name, to } of begun) counts[name] = await countOf(to)
  return counts
}
