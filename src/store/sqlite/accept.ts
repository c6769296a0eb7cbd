import { existsSync, renameSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { base64url } from '../../base/bytes.ts'
import type { Random } from '../../base/random.ts'
import type { Acceptance, AcceptOptions, FoundFile } from '../backend.ts'
import { openFile } from './file.ts'
import { alone, type State, stateOf, upgrade } from './format.ts'
import { damageOf, requireIntact } from './intact.ts'
import { markFile, readMark, replaceMark } from './mark.ts'
import { bytesOf, type SqliteFiles } from './pair.ts'

/**
 * Makes of what is there a store that is served again. All records are set aside, since nobody knows
 * which of them had been spent, unless the operator keeps them. The settings stay as they are. Throws
 * when a server runs on the store, or when the settings cannot be read: those only a backup brings back.
 */
export function acceptFiles(files: SqliteFiles, options: AcceptOptions): Acceptance {
  const { settings, records } = files
  if (bytesOf(settings) === 0) {
    throw new Error(`${settings} is missing or empty: bring it back from a backup first`)
  }
  const db = readable(settings, 'bring it back from a backup first')
  try {
    const found = foundIn(db, settings)
    const { keepRecords, now } = options
    const outcome = keepRecords ? keep(records, options) : setAside(records, options)
    // Last: until the settings have a new mark nothing is served.
    renew(db, settings, keepRecords ? stateOf(db).accepted : now, options.random)
    return { settings: found, ...outcome }
  } finally {
    db.close()
  }
}

type Outcome = Omit<Acceptance, 'settings'>

function keep(file: string, { random }: AcceptOptions): Outcome {
  if (bytesOf(file) === 0) {
    throw new Error(`${file} is missing or empty: there are no records to keep`)
  }
  const db = readable(file, 'it cannot be kept')
  try {
    const records = foundIn(db, file)
    renew(db, file, 0, random)
    return { records, setAside: undefined }
  } finally {
    db.close()
  }
}

function setAside(file: string, { now, random }: AcceptOptions): Outcome {
  const acknowledged = readMark(file)?.commits
  const existed = existsSync(file)
  const aside = file.replace(/(\.db)?$/, `-set-aside-${now}.db`)
  for (const [from, to] of [
    [file, aside],
    [`${file}-wal`, `${aside}-wal`],
    [markFile(file), markFile(aside)],
  ] as const) {
    if (existsSync(from)) renameSync(from, to)
  }
  rmSync(`${file}-shm`, { force: true })
  const db = openFile(file, 5000)
  try {
    requireIntact(db, file, random)
  } finally {
    db.close()
  }
  const records = { file, commits: undefined, acknowledged }
  return { records, setAside: existed ? aside : undefined }
}

/** Opens a file alone, in the format of this version, if all of it can be read. */
function readable(file: string, otherwise: string): DatabaseSync {
  let db: DatabaseSync | undefined
  let wrong: string | undefined
  try {
    db = alone(file)
    if (db === undefined) throw inUse(file)
    wrong = damageOf(db, file, Number.POSITIVE_INFINITY)
    if (wrong === undefined) return inThisFormat(db, file)
  } catch (error) {
    if (db?.isOpen) db.close()
    if ((error as { errcode?: number }).errcode === undefined) throw error
    wrong = (error as Error).message
  }
  if (db?.isOpen) db.close()
  throw new Error(`${file} is damaged (${wrong}): ${otherwise}`)
}

function inUse(file: string): Error {
  return new Error(`${file} is open in a server: stop all that run on this store first`)
}

function inThisFormat(db: DatabaseSync, file: string): DatabaseSync {
  db.close()
  upgrade(file)
  const again = alone(file)
  if (again === undefined) throw inUse(file)
  return again
}

function foundIn(db: DatabaseSync, file: string): FoundFile {
  return { file, commits: stateOf(db).commits, acknowledged: readMark(file)?.commits }
}

/** Makes a file another one, for which no copy from before passes, with a mark that agrees with it. */
function renew(db: DatabaseSync, file: string, accepted: State['accepted'], random: Random): void {
  const id = random(8).toString('hex')
  db.prepare('UPDATE state SET id = ?, commits = commits + 1, accepted = ?').run(id, accepted)
  const { commits } = stateOf(db)
  replaceMark(file, { id, commits }, base64url(random(6)))
}
