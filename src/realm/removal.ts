import type { JsonObject } from '../base/json.ts'
import { keysIn } from '../store/keys-in.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { lost, removeAsRead, untilSaved } from '../store/update.ts'
import { realmKey, realmName } from './realm.ts'

/** Folders of the settings shelf that hold what belongs to a realm, each by the realm's name. */
const folders = [
  'client',
  'username',
  'userindex',
  'useraddress',
  'user',
  'group',
  'resource',
  'kept',
  'key',
] as const

/** What became of a removal. */
export type Removal =
  | 'removed'
  | 'absent'
  /** The record has another version than the one that was meant. */
  | 'changed'
  /** The root realm stays. */
  | 'root'
  /** There are realms below it. */
  | 'parent'

/**
 * Removes a realm with its clients, accounts, saved consents and keys. From the first write on nobody
 * finds it, and nothing that was issued in it is worth anything, here or in a realm of that path made
 * later (C-37): the rest of the way only gives the space back. `meant`: only that version of its record.
 */
export async function removeRealm(settings: Store, path: string, meant?: number): Promise<Removal> {
  if (path === '/') return 'root'
  return untilSaved<Removal>('a realm that goes', realmKey(path), async () => {
    const stored = await settings.get(realmKey(path))
    if (stored === undefined) return 'absent'
    const record = JSON.parse(stored.value.toString()) as JsonObject
    if (record.removed !== true) {
      if (meant !== undefined && meant !== stored.version) return 'changed'
      // Looked for after the record was read: one that is made below it meanwhile gives it a new version.
      if (await hasBelow(settings, path)) return 'parent'
      const value = Buffer.from(JSON.stringify({ ...record, removed: true }))
      const outcome = await settings.replace(realmKey(path), stored.version, value, never)
      if (outcome !== 'won') return lost
    }
    await endRemoval(settings, path)
    return record.removed === true ? 'absent' : 'removed'
  })
}

/** One whose own removal was cut short is not one: that is ended first. */
async function hasBelow(settings: Store, path: string): Promise<boolean> {
  for await (const key of keysIn(settings, 'realm')) {
    if (!key.startsWith(realmKey(`${path}/`))) continue
    await endRemoval(settings, decodeURIComponent(key.slice('realm/'.length)))
    if ((await settings.get(key)) !== undefined) return true
  }
  return false
}

/** Ends a removal that has begun; does nothing to a realm that stands. */
export async function endRemoval(settings: Store, path: string): Promise<void> {
  const marked = await settings.get(realmKey(path))
  if (marked === undefined || !isRemoved(marked.value)) return
  // Another process may have ended it and made a new realm meanwhile: that one's is left alone.
  const goesOn = async (): Promise<boolean> =>
    (await settings.get(realmKey(path)))?.version === marked.version
  await emptyRealm(settings, path, folders, goesOn)
  await settings.replace(realmKey(path), marked.version, Buffer.alloc(0), 0)
}

/**
 * Takes away what was written into a realm while it was removed, as long as there is none of that path: it is nobody's.
 * Keys stay: whoever makes a realm may have handed them in.
 */
export async function emptyGone(settings: Store, path: string): Promise<void> {
  const goesOn = async (): Promise<boolean> => (await settings.get(realmKey(path))) === undefined
  const emptied = folders.filter((folder) => folder !== 'key')
  await emptyRealm(settings, path, emptied, goesOn)
}

/** The same for its keys, for whoever made one and found then that there is no such realm, or not any more. */
export async function emptyKeysOfGone(settings: Store, path: string): Promise<void> {
  const goesOn = async (): Promise<boolean> => {
    const stored = await settings.get(realmKey(path))
    return stored === undefined || isRemoved(stored.value)
  }
  await emptyRealm(settings, path, ['key'], goesOn)
}

/** Whether it still may be, which is asked after an entry was read: one that a new realm writes is another one. */
type GoesOn = () => Promise<boolean>

async function emptyRealm(
  settings: Store,
  path: string,
  emptied: readonly string[],
  goesOn: GoesOn,
): Promise<void> {
  for (const folder of emptied) {
    for await (const key of keysIn(settings, `${folder}/${realmName(path)}`)) {
      if (folder === 'user') await forgetConsents(settings, path, key, goesOn)
      if (!(await forget(settings, key, goesOn))) return
    }
  }
}

async function forgetConsents(
  settings: Store,
  path: string,
  userKey: string,
  goesOn: GoesOn,
): Promise<void> {
  const sub = userKey.slice(userKey.lastIndexOf('/') + 1)
  for await (const key of keysIn(settings, `consent/${realmName(path)}/${sub}`))
    if (!(await forget(settings, key, goesOn))) return
}

/** Removes an entry as it was read; false when nothing more may be removed. */
async function forget(settings: Store, key: string, goesOn: GoesOn): Promise<boolean> {
  const read = await settings.get(key)
  if (!(await goesOn())) return false
  if (read !== undefined) await removeAsRead(settings, key, read)
  return true
}

function isRemoved(value: Buffer): boolean {
  return (JSON.parse(value.toString()) as JsonObject).removed === true
}
