import { createSecretKey } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Random } from '../base/random.ts'
import type { Clock } from '../base/time.ts'
import { hasSealed, proveKeys } from './canary.ts'
import { damageTo } from './damage.ts'
import { asPassphrase, type MasterKeys, masterKeyFile, parseMasterKeys, subkeys } from './key.ts'
import { memoryStore } from './memory/memory.ts'
import { sealedStore } from './sealed.ts'
import { type WriterPlace, writerPlace } from './sqlite/file.ts'
import { bytesOf, isThere, openBoth, refuseHalf, sqliteFiles } from './sqlite/pair.ts'
import { sqliteStore } from './sqlite/sqlite.ts'
import type { Store } from './store.ts'

/** Where to keep things and under which key. */
export interface StoresOptions {
  /** `sqlite:<directory>` or `memory:`. */
  readonly url: string
  /** See `parseMasterKeys`; without it the key lies in a file of the directory. */
  readonly keyText?: string | undefined
  readonly now: Clock
  /** Before when a record has ended that a sweep may delete; `now` if it is not said. */
  readonly sweepable?: Clock | undefined
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
  /** Throws what is wrong with what was given. */
  readonly keys: () => MasterKeys
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
  const { settings, records, keys, accepted } = open(rest, options)
  const close = async (): Promise<void> => {
    await Promise.all([settings.close(), records.close()])
  }
  const proven = async (): Promise<MasterKeys> => {
    const master = await keysOf(settings, keys, options)
    await proveKeys({ settings, records }, subkeys(master, 'sealing'), options.random)
    return master
  }
  const master = await proven().catch(async (error: unknown) => {
    await close()
    throw error
  })
  const sealing = subkeys(master, 'sealing')
  return {
    settings: sealedStore(settings, sealing, options.random, damageTo('settings')),
    records: sealedStore(records, sealing, options.random, damageTo('records')),
    master,
    accepted,
    close,
  }
}

/** What the text means, unless it is the passphrase that sealed this store. */
async function keysOf(
  settings: Store,
  keys: () => MasterKeys,
  { keyText, random }: StoresOptions,
): Promise<MasterKeys> {
  const phrase = keyText === undefined ? undefined : asPassphrase(keyText)
  if (phrase === undefined) return keys()
  return (await hasSealed(subkeys(phrase, 'sealing'), settings, random)) ? phrase : keys()
}

/** Keys from a text that a setting gave. */
function given(keyText: string): MasterKeys {
  try {
    return parseMasterKeys(keyText)
  } catch (error) {
    throw new Error(`PARAPET_KEY: ${(error as Error).message}`, { cause: error })
  }
}

function sqliteShelves(
  path: string,
  { keyText, now, sweepable, random, writer }: StoresOptions,
): Shelves {
  const files = sqliteFiles(path)
  mkdirSync(dirname(files.settings), { recursive: true, mode: 0o700 })
  refuseHalf(files)
  const keys = (): MasterKeys =>
    keyText === undefined
      ? masterKeyFile(files.key, [files.settings, files.records], random)
      : given(keyText)
  // Before anything is laid out; what is there already may be sealed by the text read otherwise.
  const known = keyText !== undefined && bytesOf(files.settings) > 0 ? undefined : keys()
  const place = writer ?? writerPlace(files.records)
  const shelf = (file: string): Store =>
    sqliteStore({ file, now, sweepable, random, writer: place })
  const { settings, records, accepted } = openBoth(files, shelf)
  return { settings, records, keys: () => known ?? keys(), accepted }
}

/** Whether something was ever stored under a URL; makes nothing. In memory nothing was. */
export function storeIsThere(url: string): boolean {
  const [, path] = /^sqlite:(.*)$/s.exec(url) ?? []
  return path !== undefined && isThere(sqliteFiles(path))
}

function memoryShelves(_: string, { keyText, now, sweepable, random }: StoresOptions): Shelves {
  return {
    settings: memoryStore(now, sweepable),
    records: memoryStore(now, sweepable),
    accepted: 0,
    keys: () =>
      keyText === undefined ? [{ version: 1, key: createSecretKey(random(32)) }] : given(keyText),
  }
}
