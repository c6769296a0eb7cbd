import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { base64url } from '../../base/bytes.ts'
import type { Random } from '../../base/random.ts'
import { firstColumn, isCorrupt, stateOf } from './format.ts'
import { createMark, markFile, readMark } from './mark.ts'

/** Up to so many bytes a file is looked through when it is opened, which takes 2 ms for each million. */
const lookedThrough = 128 * 2 ** 20

/**
 * Throws unless a file is as it was left: every page that can be looked at in good time, and every
 * commit somebody was told of. Less than that and what was spent could be spent again: SQLite passes
 * over the end of a log that it cannot read, as it must after a crash, and says nothing.
 */
export function requireIntact(db: DatabaseSync, file: string, random: Random): void {
  const wrong = damageOf(db, file) ?? lossOf(db, file, random)
  if (wrong !== undefined) throw new Error(distrusted(file, wrong))
}

/** What a refusal says in the end. */
export const whatToDo =
  'Nothing issued from it counts until somebody has looked: bring the right file back, or accept what is there with `parapet accept-store` (docs/guide/stores.md)'

/** The refusal of a file. */
export function distrusted(file: string, wrong: string): string {
  return `${file} is not as it was left: ${wrong}. ${whatToDo}`
}

/** What is wrong with the pages of a file. */
export function damageOf(db: DatabaseSync, file: string, most = lookedThrough): string | undefined {
  if (statSync(file).size > most) return undefined
  try {
    const found = String(firstColumn(db.prepare('PRAGMA quick_check(1)')))
    return found === 'ok' ? undefined : found.replace(/\s+/g, ' ')
  } catch (error) {
    if (isCorrupt(error)) return (error as Error).message
    throw error
  }
}

/** What is missing of a file by its mark; a file nothing was ever written to is given one. */
function lossOf(db: DatabaseSync, file: string, random: Random): string | undefined {
  // The mark first: whoever else writes meanwhile writes the file before the mark.
  const before = readMark(file)
  const { id, commits } = stateOf(db)
  if (commits === 0 && before === undefined) {
    createMark(file, { id, commits }, base64url(random(6)))
  }
  const marked = before ?? readMark(file)
  if (marked === undefined) return `${markFile(file)} is missing or cut off`
  if (marked.commits > commits) {
    return `it holds ${commits} commits, and ${marked.commits} were acknowledged`
  }
  return marked.id === id ? undefined : `${markFile(file)} belongs to another file`
}
