import { createSecretKey } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../base/random.ts'
import type { Clock } from '../base/time.ts'
import { proveKeys } from './canary.ts'
import { type MasterKeys, masterKeyFile, parseMasterKeys, subkeys } from './key.ts'
import { memoryStore } from './memory.ts'
import { sealedStore } from './sealed.ts'
import { sqliteStore } from './sqlite.ts'
import { type WriterPlace, writerPlace } from './sqlite-file.ts'
import type { Store } from './store.ts'

/** Where to keep things and under which key. */
export interface StoresOptions {
  /** `sqlite:<directory>` or `memory:`. */
  readonly url: string
  /** See `parseMasterKeys`; without it the key lies in a file of the directory. */
  readonly keyText?: string | undefined
  readonly now: Clock
  readonly random: Random
  /** For `sqlite:`; measured at the start if it is not said. */
  readonly writer?: WriterPlace | undefined
}

/** The two shelves, sealed, and the keys they are sealed under. */
export interface Stores {
  /** Realms, clients, users, consents. */
  readonly settings: Store
  /** What lives shortly. */
  readonly records: Store
  readonly master: MasterKeys
  close(): Promise<void>
}

interface Shelves {
  readonly settings: Store
  readonly records: Store
  readonly master: MasterKeys
}

const kinds: Readonly<Record<string, (rest: string, options: StoresOptions) => Shelves>> = {
  sqlite: sqliteShelves,
  memory: memoryShelves,
}

/** Opens both shelves; throws a plain Error that says what to do when they cannot be used. */
export async function openStores(options: StoresOptions): Promise<Stores> {
  const [, kind = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(options.url) ?? []
  const open = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  if (open === undefined) {
    throw new Error(`no store is known by this URL; there are sqlite:<directory> and memory:`)
  }
  const { settings, records, master } = open(rest, options)
  const close = async (): Promise<void> => {
    await Promise.all([settings.close(), records.close()])
  }
  try {
    await proveKeys({ settings, records }, subkeys(master, 'sealing'), options.random)
  } catch (error) {
    await close()
    throw error
  }
  const sealing = subkeys(master, 'sealing')
  return {
    settings: sealedStore(settings, sealing, options.random),
    records: sealedStore(records, sealing, options.random),
    master,
    close,
  }
}

function sqliteShelves(path: string, { keyText, now, random, writer }: StoresOptions): Shelves {
  const directory = path.replace(/^\/\//, '')
  if (directory === '') throw new Error('sqlite: needs a directory, as in sqlite:./data')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const files = { settings: join(directory, 'settings.db'), records: join(directory, 'records.db') }
  refuseHalf(files)
  const master =
    keyText === undefined
      ? masterKeyFile(join(directory, 'parapet.key'), Object.values(files), random)
      : parseMasterKeys(keyText)
  const place = writer ?? writerPlace(files.records)
  return {
    settings: sqliteStore({ file: files.settings, now, random, writer: place }),
    records: sqliteStore({ file: files.records, now, random, writer: place }),
    master,
  }
}

/**
 * Settings are laid out before records, so records without them are what is left of a store: to begin
 * anew beside them would replace every client, user and key in silence. Records alone may be dropped.
 */
function refuseHalf({ settings, records }: { settings: string; records: string }): void {
  if (bytesOf(records) > 0 && bytesOf(settings) === 0) {
    throw new Error(
      `${settings} is missing or empty, but ${records} is not: bring it back, or remove both`,
    )
  }
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function memoryShelves(_: string, { keyText, now, random }: StoresOptions): Shelves {
  return {
    settings: memoryStore(now),
    records: memoryStore(now),
    master:
      keyText === undefined
        ? [{ version: 1, key: createSecretKey(random(32)) }]
        : parseMasterKeys(keyText),
  }
}
