import type { JsonObject } from '../../base/json.ts'
import type { Realm } from '../../realm/realm.ts'
import { keysIn } from '../../store/keys-in.ts'
import { subsByGroup, subsByMail } from '../../user/account/account-index.ts'
import { isSub, userFolder } from '../../user/account/key.ts'
import { holdersOf } from '../../user/account/name.ts'
import { completeIndex } from '../../user/complete-index.ts'
import { findGroup } from '../../user/group.ts'
import { nameFolder, plainUsername } from '../../user/username.ts'
import type { Filter } from '../filter.ts'
import { fits } from '../filter.ts'
import type { Item } from '../kind.ts'
import type { Listed, Query } from '../query.ts'
import { listWhole, mostPage, mostWalked } from '../query.ts'
import { canonical } from './canonical.ts'

/** How accounts are read and seen. */
interface Accounts {
  readonly read: (sub: string) => Promise<Item | undefined>
  readonly shown: (item: Item) => JsonObject
}

/**
 * A page of a realm's accounts. By name and mail address they are found by an index; in the order of
 * their ids, or of their names, they are read no further than the page goes. Everything else is looked
 * through, as far as there are few enough.
 */
export async function listUsers(realm: Realm, asked: Query, accounts: Accounts): Promise<Listed> {
  const query = canonical(asked)
  const { read, shown } = accounts
  const found = await candidates(realm, query.filter)
  if (found !== undefined) return listWhole(query, [...new Set(found)].sort(), read, shown)
  if (query.sort.length === 0) return walk(query, byId(realm, query), accounts)
  if (isByName(query)) return walk(query, byName(realm, query), accounts)
  const ids: string[] = []
  for await (const { id } of byId(realm, { ...query, after: undefined, pageSize: 0 })) {
    if (ids.push(id) > mostWalked) return { outcome: 'too-many', walked: mostWalked }
  }
  return listWhole(query, ids, read, shown)
}

/** Accounts among which all are that fit; undefined: no index tells. */
async function candidates(realm: Realm, filter: Filter): Promise<readonly string[] | undefined> {
  if (filter.is === 'none') return []
  if (filter.is === 'and') {
    for (const part of filter.of) {
      const found = await candidates(realm, part)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (filter.is === 'or') {
    const found = await Promise.all(filter.of.map((part) => candidates(realm, part)))
    return found.includes(undefined) ? undefined : (found.flat() as string[])
  }
  if (filter.is !== 'eq' && filter.is !== 'sw') return undefined
  const { field, value, is } = filter
  const index = field.length === 1 ? indexes[`${is} ${field[0]}`] : undefined
  return typeof value === 'string' ? index?.(realm, value) : undefined
}

type Index = (realm: Realm, value: string) => Promise<readonly string[] | undefined>

const indexes: Readonly<Record<string, Index>> = {
  'eq _id': async (_, value) => [value.toLowerCase()].filter(isSub),
  'eq username': holdersOf,
  'sw username': (realm, value) => atMost(namesFrom(realm, value)),
  async 'eq groups'(realm, value) {
    const group = await findGroup(realm, value)
    return group === undefined ? [] : few(await subsByGroup(realm, group.id, mostWalked))
  },
  async 'eq mail'(realm, value) {
    await completeIndex(realm)
    return few(await subsByMail(realm, value, mostWalked))
  },
}

function few(subs: readonly string[]): readonly string[] | undefined {
  return subs.length > mostWalked ? undefined : subs
}

async function atMost(subs: AsyncIterable<string>): Promise<readonly string[] | undefined> {
  const found: string[] = []
  for await (const sub of subs) if (found.push(sub) > mostWalked) return undefined
  return found
}

/** The accounts whose names begin so. */
async function* namesFrom(realm: Realm, prefix: string): AsyncGenerator<string> {
  const folder = nameFolder(realm)
  const begins = `${folder}/${encodeURIComponent(plainUsername(prefix))}`
  const last = begins.length - 1
  // The greatest text before all that begin so: keys behind it are listed.
  const before = `${begins.slice(0, last)}${String.fromCharCode(begins.charCodeAt(last) - 1)}~`
  for await (const key of keysIn(realm.settings, folder, { after: before, first: 100 })) {
    if (!key.startsWith(begins)) {
      if (key > begins) return
      continue
    }
    const stored = await realm.settings.get(key)
    if (stored !== undefined) yield stored.value.toString()
  }
}

/** A place on a walk: whose it is, and the cookie that leads on behind it. */
interface Step {
  readonly id: string
  readonly cookie: string
}

async function* byId(realm: Realm, query: Query): AsyncGenerator<Step> {
  const folder = userFolder(realm)
  const { after } = query
  const start = {
    after: after === undefined ? undefined : `${folder}/${after}`,
    first: firstOf(query),
  }
  for await (const key of keysIn(realm.settings, folder, start)) {
    const id = key.slice(folder.length + 1)
    yield { id, cookie: id }
  }
}

function isByName({ sort: [first, ...more] }: Query): boolean {
  const name = first?.field.length === 1 && first.field[0] === 'username'
  return name && !first.descending && more.length === 0
}

async function* byName(realm: Realm, query: Query): AsyncGenerator<Step> {
  const folder = nameFolder(realm)
  const { after } = query
  const start = {
    after: after === undefined ? undefined : `${folder}/${after}`,
    first: firstOf(query),
  }
  for await (const key of keysIn(realm.settings, folder, start)) {
    const stored = await realm.settings.get(key)
    const cookie = key.slice(folder.length + 1)
    if (stored !== undefined) yield { id: stored.value.toString(), cookie }
  }
}

/** So many keys are needed when everything fits. */
function firstOf({ pageSize, offset }: Query): number {
  return pageSize === 0 ? mostWalked : offset + pageSize + 1
}

/** Reads along an order until the page is full and it is known whether more comes. */
async function walk(
  { filter, pageSize, offset }: Query,
  steps: AsyncIterable<Step>,
  { read, shown }: Accounts,
): Promise<Listed> {
  const size = pageSize === 0 ? mostPage : Math.min(pageSize, mostPage)
  const items: Item[] = []
  let passed = 0
  let walked = 0
  let last: string | undefined
  const answer = (cookie: string | undefined): Listed => {
    return { outcome: 'listed', items, cookie, total: undefined }
  }
  for await (const { id, cookie } of steps) {
    if (items.length === size && (filter.is === 'all' || walked >= mostWalked)) return answer(last)
    if (walked++ >= mostWalked) return { outcome: 'too-many', walked: mostWalked }
    if (filter.is === 'all' && passed < offset) {
      passed++
      continue
    }
    const item = await read(id)
    if (item === undefined || !fits(filter, { _id: id, ...shown(item) })) continue
    if (items.length === size) return answer(last)
    if (passed++ < offset) continue
    items.push(item)
    last = cookie
  }
  return answer(undefined)
}
