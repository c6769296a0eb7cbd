import { event } from '../base/log.ts'
import type { Realm } from '../realm/realm.ts'
import { realmKey } from '../realm/realm.ts'
import type { StoredRealm } from '../realm/realms.ts'
import { allRealms, storedRealm } from '../realm/realms.ts'
import type { RealmState } from '../realm/record.ts'
import { addRealm, dropAliases, saveRealm } from '../realm/record.ts'
import type { Removal } from '../realm/removal.ts'
import { removeRealm } from '../realm/removal.ts'
import { isWithin, parentOf } from '../realm/tree.ts'
import { lost, untilSaved } from '../store/update.ts'
import { changesTold } from './difference.ts'
import type { Change, Forbidden, Item, Kind, Removed, Saved } from './kind.ts'
import { listWhole } from './query.ts'
import type { RealmInput } from './realm/input.ts'
import { nameOf, readRealmInput, realmSchema } from './realm/input.ts'

/**
 * The realms of a server (PingAM: rest-realms), by path. Every verb is told the root, or a realm that
 * somebody administers: then it sees that one and those below it, and writes to those below it only.
 */
export const realmKind: Kind = {
  name: 'realm',
  member: 'realms',
  schema: () => realmSchema,
  async list(realm, query) {
    const all = await allRealms(realm.settings)
    const within = all.filter(({ record }) => isWithin(record.path, realm.path))
    const items = new Map(within.map((stored) => [stored.record.path, itemOf(stored)]))
    const read = async (path: string): Promise<Item | undefined> => items.get(path)
    return listWhole(query, [...items.keys()], read, ({ id, value }) => ({
      _id: realmId(id),
      ...realmKind.show(value),
    }))
  },
  read: async (realm, path) => itemOf(await storedIn(realm, path)),
  show: ({ parentPath = '/', active = true, name = '', aliases = [] }) => ({
    parentPath,
    active,
    name,
    aliases,
  }),
  async save(realm, path, input, change) {
    const { problems, unknown, ...wanted } = readRealmInput(path, input)
    if (unknown.length > 0) {
      const known = Object.keys(realmSchema.properties ?? {}).sort()
      return { outcome: 'unknown', paths: unknown, known }
    }
    if (problems.length > 0) return { outcome: 'invalid', problems }
    if (!isWithin(path, realm.path)) return { outcome: 'absent' }
    if (isOwn(realm, path)) return fromAbove
    return untilSaved('a realm', realmKey(path), () => write(realm, path, wanted, change))
  },
  async remove(realm, path, { by, condition }) {
    const before = await storedIn(realm, path)
    const item = itemOf(before)
    const obstacle = condition.obstacle(item?.rev)
    if (obstacle !== undefined) return { outcome: obstacle }
    if (before === undefined || item === undefined) return { outcome: 'absent' }
    if (isOwn(realm, path)) return fromAbove
    const meant = condition.strict ? before.version : undefined
    const removal = await removeRealm(realm.settings, path, meant)
    if (removal !== 'removed') return notRemoved[removal]
    const changes = changesTold(item.value, undefined)
    event('realm.removed', { realm: path, by, changes })
    return { outcome: 'removed', item }
  },
}

/** AM's `_id` of a realm. */
export function realmId(path: string): string {
  return Buffer.from(path).toString('base64url')
}

const fromAbove: Forbidden = {
  outcome: 'forbidden',
  problem: { path: '', text: 'A realm is changed and removed by administrators of one above it' },
}

const notRemoved = {
  root: {
    outcome: 'forbidden',
    problem: { path: '', text: 'The root realm is never removed, only what is in it' },
  },
  parent: {
    outcome: 'refused',
    problem: { path: '', text: 'There are realms below it: remove them first' },
  },
  changed: { outcome: 'stale' },
  absent: { outcome: 'absent' },
} as const satisfies Record<Exclude<Removal, 'removed'>, Removed>

/** The realm itself that somebody administers. The root has none above it. */
function isOwn(realm: Realm, path: string): boolean {
  return path === realm.path && path !== '/'
}

async function storedIn(realm: Realm, path: string): Promise<StoredRealm | undefined> {
  return isWithin(path, realm.path) ? storedRealm(realm.settings, realmKey(path)) : undefined
}

function itemOf(stored: StoredRealm): Item
function itemOf(stored: StoredRealm | undefined): Item | undefined
function itemOf(stored: StoredRealm | undefined): Item | undefined {
  if (stored === undefined) return undefined
  const { path, active = true, aliases } = stored.record
  const parentPath = parentOf(path) ?? null
  const value = { parentPath, active, name: nameOf(path), aliases }
  return { id: path, rev: String(stored.version), value }
}

type Wanted = Pick<RealmInput, 'active' | 'aliases'>

async function write(
  realm: Realm,
  path: string,
  { active, aliases }: Wanted,
  { by, condition }: Change,
): Promise<Saved | typeof lost> {
  const { settings } = realm
  const before = await storedIn(realm, path)
  const obstacle = condition.obstacle(itemOf(before)?.rev)
  if (obstacle !== undefined) return { outcome: obstacle }
  const had = before?.record.aliases ?? []
  // Which realm a host name means concerns the whole server.
  const state: RealmState = { active, aliases: realm.path === '/' ? (aliases ?? []) : had }
  if (aliases !== undefined && !sameNames(aliases, state.aliases)) return byOperator
  const holders = await holdersOf(settings, path, state.aliases)
  const written =
    before === undefined
      ? await addRealm(settings, path, state)
      : await saveRealm(settings, before, state)
  if (written === 'no parent')
    return {
      outcome: 'invalid',
      problems: [{ path: 'parentPath', text: 'must be a realm there is' }],
    }
  if (written === false || written === 'exists')
    return condition.strict ? { outcome: 'stale' } : lost
  for (const holder of holders) await dropAliases(settings, holder, state.aliases, by)
  await settleClaims(settings, state.aliases, by)
  const created = before === undefined
  const after = await storedIn(realm, path)
  const item = itemOf(after)
  const changes = changesTold(itemOf(before)?.value, item?.value)
  event('realm.saved', { realm: path, created, active, by, changes })
  if (item === undefined) return { outcome: 'absent' }
  return { outcome: created ? 'created' : 'updated', item }
}

const byOperator: Forbidden = {
  outcome: 'forbidden',
  problem: {
    path: 'aliases',
    text: 'Host names are given to realms by administrators of the root',
  },
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort())
}

/** The other realms that have one of these host names, before it is written that this one has it. */
async function holdersOf(
  settings: Realm['settings'],
  path: string,
  aliases: readonly string[],
): Promise<readonly string[]> {
  if (aliases.length === 0) return []
  const all = await allRealms(settings)
  return all
    .filter(({ record }) => record.path !== path && aliases.some((alias) => has(record, alias)))
    .map(({ record }) => record.path)
}

/**
 * Of realms that claim a host name at the same moment none sees the others before it is written. Whoever writes last sees
 * all of them: the later one in order keeps the name, as every process has taken it meanwhile.
 */
async function settleClaims(
  settings: Realm['settings'],
  aliases: readonly string[],
  by: string,
): Promise<void> {
  if (aliases.length === 0) return
  const all = await allRealms(settings)
  for (const alias of aliases) {
    const claimed = all.filter(({ record }) => has(record, alias))
    for (const { record } of claimed.slice(0, -1))
      await dropAliases(settings, record.path, [alias], by)
  }
}

function has({ aliases }: StoredRealm['record'], alias: string): boolean {
  return aliases.some((each) => each.toLowerCase() === alias.toLowerCase())
}
