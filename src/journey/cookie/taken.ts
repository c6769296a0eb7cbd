import { member } from '../../base/json.ts'
import { readSettings } from '../../protocol/setting.ts'
import { oauth2Provider } from '../../realm/oauth2-provider.ts'
import type { Realm } from '../../realm/realm.ts'
import { allRealms } from '../../realm/realms.ts'
import type { Surroundings } from '../../realm/script/placeholder.ts'
import { filledNodeDocument, findNode } from '../find.ts'
import { isOwnName } from './cookie-setting.ts'
import { nodeIds } from './node-ids.ts'

const custom = 'SetCustomCookieNode'
const persistent = 'SetPersistentCookieNode'

/** Of nodes that set cookies, which setting names it. */
const naming: Readonly<Record<string, string>> = {
  [custom]: 'name',
  [persistent]: 'persistentCookieName',
}

/**
 * The name of the cookie that a node sets, where it means something else: to this server, as the session of any of its
 * realms, or, of a cookie whose content is free, as what lets somebody into another realm unasked. All realms may share a
 * host, so that one could log people out of another, or in as somebody else. Undefined: the node sets no such cookie.
 */
export async function takenCookie(
  realm: Realm,
  { type, id }: { readonly type: string; readonly id: string },
): Promise<string | undefined> {
  const setting = Object.hasOwn(naming, type) ? naming[type] : undefined
  const found = setting === undefined ? undefined : await findNode(realm, type, id)
  const name = setting === undefined ? undefined : found?.values[setting]
  if (typeof name !== 'string' || name === '') return undefined
  const same = (other: string): boolean => other.toLowerCase() === name.toLowerCase()
  if (isOwnName(realm, name)) return name
  for (const { record } of await allRealms(realm.settings)) {
    if (same(readSettings(oauth2Provider, record.document).values.cookieName)) return name
    if (type !== custom || record.path === realm.path) continue
    if ((await persistentNames({ ...realm, path: record.path })).some(same)) return name
  }
  return undefined
}

/** What the persistent cookies of a realm's journeys are called. */
async function persistentNames(realm: Pick<Realm, 'settings'> & Surroundings): Promise<string[]> {
  const names: string[] = []
  for await (const id of nodeIds(realm, persistent)) {
    const document = await filledNodeDocument(realm, persistent, id)
    const name = member(document, 'persistentCookieName')
    names.push(typeof name === 'string' ? name : 'session-jwt')
  }
  return names
}
