import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ShelfName } from '../backend.ts'
import type { Shelf } from '../store.ts'
import { firstColumn, stateOf } from './format.ts'
import { distrusted } from './intact.ts'
import { markFile } from './mark.ts'

/** The files of a store. */
export interface SqliteFiles {
  readonly settings: string
  readonly records: string
  readonly key: string
}

/** What follows `sqlite:` in a store's URL names a directory. */
export function sqliteFiles(path: string): SqliteFiles {
  const directory = path.replace(/^\/\//, '')
  if (directory === '') throw new Error('sqlite: needs a directory, as in sqlite:./data')
  const [settings, records, key] = ['settings.db', 'records.db', 'parapet.key'].map((name) =>
    join(directory, name),
  ) as [string, string, string]
  return { settings, records, key }
}

/**
 * Records or a mark without settings are what is left of a store: to begin anew beside them would
 * replace every client, user and key in silence. The settings are looked at last: another process may
 * lay out everything just now.
 */
export function refuseHalf({ settings, records }: SqliteFiles): void {
  const left = [records, markFile(settings)].find((file) => bytesOf(file) > 0)
  if (left !== undefined && bytesOf(settings) === 0) {
    throw new Error(
      `${settings} is missing or empty, but ${left} is not: bring it back, or remove everything there to begin anew`,
    )
  }
}

/** Whether anything of a store is there, whole or not. */
export function isThere({ settings, records }: SqliteFiles, shelf?: ShelfName): boolean {
  const ofSettings = shelf === 'records' ? [] : [settings, markFile(settings)]
  const ofRecords = shelf === 'settings' ? [] : [records]
  return [...ofSettings, ...ofRecords].some((file) => bytesOf(file) > 0)
}

/**
 * Opens settings, then records. Nothing is written to either before both are laid out, so settings that
 * hold anything had records beside them; without these all that was spent could be spent again.
 */
export function openBoth(
  { settings, records }: SqliteFiles,
  open: (file: string) => Shelf,
): { readonly settings: Shelf; readonly records: Shelf; readonly accepted: number } {
  const first = open(settings)
  try {
    // Looked at again after the settings: another process may lay out both just now.
    const { used, accepted } = contentOf(settings)
    if (used && bytesOf(records) === 0) throw new Error(distrusted(records, 'it is missing'))
    return { settings: first, records: open(records), accepted }
  } catch (error) {
    void first.close()
    throw error
  }
}

/** Whether anything was ever stored in a file, and from when on it counts. */
export function contentOf(file: string): { readonly used: boolean; readonly accepted: number } {
  const db = new DatabaseSync(file, { timeout: 5000 })
  try {
    const used = firstColumn(db.prepare('SELECT EXISTS (SELECT 1 FROM records)')) === 1
    return { used, accepted: stateOf(db).accepted }
  } finally {
    db.close()
  }
}

/** Size of a file, 0 if there is none. */
export function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
