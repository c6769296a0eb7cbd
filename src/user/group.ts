import { memo } from '../base/memo.ts'
import type { Realm } from '../realm/realm.ts'
import { realmName } from '../realm/realm.ts'
import { cachedReads } from '../store/cached.ts'
import { keysIn } from '../store/keys-in.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { removeAsRead } from '../store/update.ts'
import { readEndUser } from './account/account.ts'
import { subsByGroup } from './account/account-index.ts'
import type { EndUser, Population } from './end-user.ts'
import { newUuid } from './end-user.ts'

/** A group of accounts. Who is in it stands in the accounts. */
export interface Group {
  readonly name: string
  /** Another one than that of an earlier group of the name: whoever was in that one is not in this one. */
  readonly id: string
  readonly description: readonly string[]
}

export interface StoredGroup {
  readonly group: Group
  readonly version: number
}

/** The folder that lists a realm's groups. */
function groupFolder(realm: Population): string {
  return `group/${realmName(realm.path)}`
}

/** Undefined for what no group is called; case does not count (PingAM's directory). */
function groupKey(realm: Population, name: string): string | undefined {
  if (!name.isWellFormed() || name.length > 128) return undefined
  const plain = name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()
  const key = `${groupFolder(realm)}/${encodeURIComponent(plain)}`
  return plain === '' || key.length > 512 ? undefined : key
}

/** Whether a group may have that name. */
export function canBeGroup(realm: Population, name: string): boolean {
  return groupKey(realm, name) !== undefined && !/[,/\\]/.test(name)
}

export async function readGroup(realm: Population, name: string): Promise<StoredGroup | undefined> {
  const key = groupKey(realm, name)
  const stored = key === undefined ? undefined : await realm.settings.get(key)
  return stored && { group: parse(stored.value), version: stored.version }
}

/** The group of a name; as long as nothing changed it is remembered. */
export async function findGroup(realm: Population, name: string): Promise<Group | undefined> {
  const key = groupKey(realm, name)
  return key === undefined ? undefined : readsOf(realm.settings)(key)
}

/** The names of a realm's groups, in their order. */
export async function groupNames(realm: Population): Promise<readonly string[]> {
  const names: string[] = []
  for await (const key of keysIn(realm.settings, groupFolder(realm))) {
    const stored = await realm.settings.get(key)
    if (stored !== undefined) names.push(parse(stored.value).name)
  }
  return names
}

/** Makes a group, or changes the one that was read; false when another write was faster. */
export async function writeGroup(
  realm: Population & Pick<Realm, 'random'>,
  { name, description }: Omit<Group, 'id'>,
  before: StoredGroup | undefined,
): Promise<boolean> {
  const key = groupKey(realm, name) as string
  const group: Group = { name, id: before?.group.id ?? newUuid(realm.random), description }
  const value = Buffer.from(JSON.stringify(group))
  const outcome = await (before === undefined
    ? realm.settings.insert(key, value, never)
    : realm.settings.replace(key, before.version, value, never))
  return outcome === 'won'
}

/** Removes a group as it was read: from here on nobody is in it. False when it had changed or gone meanwhile. */
export async function deleteGroup(
  realm: Population,
  { group, version }: StoredGroup,
): Promise<boolean> {
  return removeAsRead(realm.settings, groupKey(realm, group.name) as string, { version })
}

/** The names of the groups an account is in. */
export async function groupsOf(realm: Population, { groups }: EndUser): Promise<readonly string[]> {
  const names: string[] = []
  for (const [name, id] of Object.entries(groups)) {
    const group = await findGroup(realm, name)
    if (group?.id === id) names.push(group.name)
  }
  return names.sort()
}

/** The `sub`s of those in a group, at most `most` and one more. */
export async function membersOf(
  realm: Population,
  { name, id }: Group,
  most: number,
): Promise<readonly string[]> {
  const members: string[] = []
  for (const sub of await subsByGroup(realm, id, most)) {
    const stored = await readEndUser(realm, sub)
    if (stored?.user.groups[name] === id) members.push(sub)
  }
  return members
}

const readsOf = memo((settings: Store) =>
  cachedReads(settings, { keyOf: (key) => key, parse, limit: 1000 }),
)

function parse(value: Buffer): Group {
  return JSON.parse(value.toString()) as Group
}
