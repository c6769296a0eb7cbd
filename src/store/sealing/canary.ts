import type { Random } from '../../base/random.ts'
import type { VersionedKey } from '../key.ts'
import { allKeysIn, keysIn } from '../keys-in.ts'
import { never, type Store, StoreUnavailable } from '../store.ts'
import { type SealingKeys, sealedStore } from './sealed.ts'

const folder = 'canary'

const nameOf = ({ version }: VersionedKey): string => `${folder}/${version}`

/**
 * Proves sealing keys against shelves not yet unsealed: each key version has left a canary in each
 * shelf. Throws if a version that was used is missing or is another key than it was; only when all
 * is well does it write anything, the canaries of versions that are new.
 */
export async function proveKeys(
  shelves: Readonly<Record<string, Store>>,
  keys: SealingKeys,
  random: Random,
): Promise<void> {
  for (const [shelf, store] of Object.entries(shelves)) await check(shelf, store, keys, random)
  for (const [shelf, store] of Object.entries(shelves)) {
    const [first, ...older] = keys
    const leftOut = await allKeysIn(store, leftOutFolder)
    const used = older.filter(({ version }) => !leftOut.includes(leftOutName(version)))
    for (const key of first === undefined ? [] : [first, ...used]) {
      await sealedStore(store, [key], random).insert(nameOf(key), Buffer.from('parapet'), never)
    }
    // It seals again.
    if (first !== undefined && leftOut.includes(leftOutName(first.version)))
      await store.delete(leftOutName(first.version))
    // Another process may have begun at the same time with other keys.
    await check(shelf, store, keys, random)
  }
}

/** Says that a version seals nothing in a shelf any more: it may be missing, and leaves no canary unless it is the first. */
export async function leaveOut(store: Store, version: number): Promise<void> {
  await store.insert(leftOutName(version), Buffer.alloc(0), never)
  await store.delete(`${folder}/${version}`)
}

const leftOutFolder = 'left-out-key'

function leftOutName(version: number): string {
  return `${leftOutFolder}/${version}`
}

/** Whether anything was ever sealed in a shelf. */
export async function isSealed(store: Store): Promise<boolean> {
  return (await store.list(folder, 1)).keys.length > 0
}

/** Whether one of these keys has sealed a shelf that is not yet unsealed. */
export async function hasSealed(keys: SealingKeys, store: Store, random: Random): Promise<boolean> {
  for (const key of keys) {
    try {
      const found = await sealedStore(store, [key], random).get(nameOf(key))
      if (found !== undefined) return true
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
    }
  }
  return false
}

async function check(
  shelf: string,
  store: Store,
  keys: SealingKeys,
  random: Random,
): Promise<void> {
  for await (const name of keysIn(store, folder)) {
    const version = name.slice(folder.length + 1)
    const key = keys.find((one) => nameOf(one) === name)
    if (key === undefined) {
      throw new Error(`key version ${version}, with which the ${shelf} are sealed, is not given`)
    }
    try {
      await sealedStore(store, [key], random).get(name)
    } catch (cause) {
      if (cause instanceof StoreUnavailable) throw cause
      const message = `key version ${version} is not the key with which the ${shelf} are sealed`
      throw new Error(message, { cause })
    }
  }
}
