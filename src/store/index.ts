import { createSecretKey } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Random } from '../base/random.ts'
import type { Clock } from '../base/time.ts'
import { proveKeys } from './canary.ts'
import { damageTo } from './damage.ts'
import { type MasterKeys, masterKeyFile, parseMasterKeys, subkeys } from './key.ts'
import { memoryStore } from './memory.ts'
import { sealedStore } from './sealed.ts'
import { openBoth, refuseHalf, sqliteFiles } from './sqlite/pair.ts'
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
  /** The second up to which nothing counts that was issued; 0 if it never had to be said. */
  readonly accepted: number
  close(): Promise<void>
}

interface Shelves {
  readonly settings: Store
  readonly records: Store
  readonly master: MasterKeys
  readonly accepted: number
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
  const { settings, records, master, accepted } = open(rest, options)
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
    settings: sealedStore(settings, sealing, options.random, damageTo('settings')),
    records: sealedStore(records, sealing, options.random, damageTo('records')),
    master,
    accepted,
    close,
  }
}

function sqliteShelves(path: string, { keyText, now, random, writer }: StoresOptions): Shelves {
  const files = sqliteFiles(path)
  mkdirSync(dirname(files.settings), { recursive: true, mode: 0o700 })
  refuseHalf(files)
  const master =
    keyText === undefined
      ? masterKeyFile(files.key, [files.settings, files.records], random)
      : parseMasterKeys(keyText)
  const place = writer ?? writerPlace(files.records)
  const shelf = (file: string): Store => sqliteStore({ file, now, random, writer: place })
  const { settings, records, accepted } = openBoth(files, shelf)
  return { settings, records, master, accepted }
}

function memoryShelves(_: string, { keyText, now, random }: StoresOptions): Shelves {
  return {
    settings: memoryStore(now),
    records: memoryStore(now),
    accepted: 0,
    master:
      keyText === undefined
        ? [{ version: 1, key: createSecretKey(random(32)) }]
        : parseMasterKeys(keyText),
  }
}
