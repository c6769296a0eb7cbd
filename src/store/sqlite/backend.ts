import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { requireDirectory } from '../../base/directory.ts'
import type { Backend, Shelves, StoresOptions } from '../backend.ts'
import { givenKeys, type MasterKeys, masterKeyFile } from '../key.ts'
import type { Shelf } from '../store.ts'
import { acceptFiles } from './accept.ts'
import { writerPlace } from './file.ts'
import { bytesOf, isThere, openBoth, refuseHalf, sqliteFiles } from './pair.ts'
import { sqliteStore } from './sqlite.ts'

/** Two files of a directory. */
export const sqlite: Backend = {
  scheme: 'sqlite',
  url: 'sqlite:<directory>',
  about: 'two SQLite files in a directory of a local disk',
  durable: true,
  shared: true,
  check: (path) => requireDirectory(dirname(sqliteFiles(path).settings)),
  isThere: (path) => isThere(sqliteFiles(path)),
  open,
  accept: (path, options) => acceptFiles(sqliteFiles(path), options),
}

function open(path: string, { keyText, now, sweepable, random, writer }: StoresOptions): Shelves {
  const files = sqliteFiles(path)
  mkdirSync(dirname(files.settings), { recursive: true, mode: 0o700 })
  refuseHalf(files)
  const keys = (): MasterKeys =>
    keyText === undefined
      ? masterKeyFile(files.key, [files.settings, files.records], random)
      : givenKeys(keyText)
  // Before anything is laid out; what is there already may be sealed by the text read otherwise.
  const known = keyText !== undefined && bytesOf(files.settings) > 0 ? undefined : keys()
  const place = writer ?? writerPlace(files.records)
  const shelf = (file: string): Shelf =>
    sqliteStore({ file, now, sweepable, random, writer: place })
  const { settings, records, accepted } = openBoth(files, shelf)
  return { settings, records, keys: () => known ?? keys(), accepted }
}
