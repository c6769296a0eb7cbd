import { dirname } from 'node:path'
import { makeDirectory, requireDirectory } from '../../base/directory.ts'
import type { Backend, OneShelf, ShelfName, Shelves, StoresOptions } from '../backend.ts'
import { givenKeys, type MasterKeys, masterKeyFile } from '../key.ts'
import type { Shelf } from '../store.ts'
import { acceptFiles } from './accept.ts'
import { writerPlace } from './file.ts'
import { otherHolder } from './holders.ts'
import {
  bytesOf,
  contentOf,
  isThere,
  openBoth,
  refuseHalf,
  type SqliteFiles,
  sqliteFiles,
} from './pair.ts'
import { sqliteStore } from './sqlite.ts'

/** Two files of a directory. */
export const sqlite: Backend = {
  scheme: 'sqlite',
  url: 'sqlite:<directory>',
  about: 'two SQLite files in a directory of a local disk',
  durable: ['disk'],
  shared: true,
  check: (path) => requireDirectory(dirname(sqliteFiles(path).settings)),
  isThere: (path, shelf) => isThere(sqliteFiles(path), shelf),
  open,
  openOne,
  holder: (path) => holderOf(sqliteFiles(path)),
  accept: (path, options) => acceptFiles(sqliteFiles(path), options),
}

function open(path: string, options: StoresOptions): Shelves {
  const files = filesIn(path)
  refuseHalf(files)
  const keys = keysOf(files, options)
  return { ...openBoth(files, opener(files, options)), keys }
}

function openOne(path: string, shelf: ShelfName, options: StoresOptions): OneShelf {
  const files = filesIn(path)
  const keys = keysOf(files, options)
  const opened = opener(files, options)(files[shelf])
  return { shelf: opened, accepted: contentOf(files[shelf]).accepted, keys }
}

/** Another process that serves one of the files. */
function holderOf({ settings, records }: SqliteFiles): number | undefined {
  const files = [settings, records].filter((file) => bytesOf(file) > 0)
  return files.map(otherHolder).find((pid) => pid !== undefined)
}

function filesIn(path: string): SqliteFiles {
  const files = sqliteFiles(path)
  makeDirectory(dirname(files.settings))
  return files
}

/**
 * KiB of the settings' pages that a process keeps at most: a hundred thousand accounts lie in 80 MB, of which 7 are the inner
 * pages that every search passes. With the 2 MB that are usual a query of an account read four pages from the file, with
 * these it reads one. What is not there is not kept: a server of few accounts has a few pages. Records stay at what is
 * usual, since they are written more than read, and neighbours in time lie together.
 */
const keptOfSettings = 32 * 1024

/** Opens files of one directory, all written in the same place. */
function opener(
  { settings }: SqliteFiles,
  { now, sweepable, random, writer }: StoresOptions,
): (file: string) => Shelf {
  const place = writer ?? writerPlace(settings)
  return (file) => {
    const cache = file === settings ? keptOfSettings : undefined
    return sqliteStore({ file, now, sweepable, random, writer: place, cache })
  }
}

/** Before anything is laid out; what is there already may be sealed by the text read otherwise. */
function keysOf(files: SqliteFiles, { keyText, random }: StoresOptions): () => MasterKeys {
  const keys = (): MasterKeys =>
    keyText === undefined
      ? masterKeyFile(files.key, [files.settings, files.records], random)
      : givenKeys(keyText)
  const known = keyText !== undefined && bytesOf(files.settings) > 0 ? undefined : keys()
  return () => known ?? keys()
}
