import { delay } from '../../base/time.ts'
import type { Shelf } from '../store.ts'
import type { BegunMove } from './begin.ts'
import { patiently, write } from './copy.ts'
import { differences } from './differences.ts'
import { changeMark, type MigrationMark } from './mark.ts'
import type { AtWork } from './migration.ts'

/** How often the last pass is made anew because somebody wrote meanwhile. */
const lastPasses = 3

/** Makes both the same, to the last record, and the new one the one that is served. */
export async function switchOver(begun: readonly BegunMove[], migration: AtWork): Promise<void> {
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
function countsOfChanges(begun: readonly BegunMove[]): Promise<readonly (number | undefined)[]> {
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
async function removeGone({ from, to, count }: BegunMove, { now }: AtWork): Promise<void> {
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
  { name, from, to, count }: BegunMove,
  { now, tell }: AtWork,
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
