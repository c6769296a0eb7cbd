import type { Json } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import { NodeError } from '../../journey/journey.ts'
import type { Realm } from '../../realm/realm.ts'
import { readEndUser } from '../../user/account/account.ts'
import { neighboursByMail, subsByMail } from '../../user/account/account-index.ts'
import { userFolder } from '../../user/account/key.ts'
import { completeIndex } from '../../user/complete-index.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findByUsername, findEndUser } from '../../user/end-user.ts'
import type { Filter } from '../filter.ts'
import type { Item } from '../kind.ts'
import { userKind } from '../user.ts'
import { shownName } from './input.ts'
import { holderAmong } from './whose.ts'

/** Accounts that have one mail address as a rule, and those that are looked at where strangers have it too. */
const mostOfOne = 16
const mostClaims = 1000

/** Accounts that are looked through where no index tells: whoever asks for it is a stranger, and may ask again. */
const mostLookedThrough = 500

/**
 * The account whose attribute has that value; of several the one of whom that is confirmed (`whose.ts`). For a mail address the
 * same is done whether or not somebody has it, so that no answer is slower for a known one.
 *
 * @throws NodeError where no index tells, and there are too many accounts to look through.
 */
export async function holderOf(
  realm: Realm,
  attribute: string,
  value: Json,
): Promise<EndUser | undefined> {
  if (attribute === '_id') return typeof value === 'string' ? findEndUser(realm, value) : undefined
  const name = shownName(attribute)
  if (name === 'username')
    return typeof value === 'string' ? findByUsername(realm, value) : undefined
  const is: Filter = { is: 'eq', field: [attribute], value }
  if (name === 'mail' && typeof value === 'string') return holderOfMail(realm, is, value)
  await fewEnough(realm, attribute)
  return theOne(realm, await itemsOf(realm, is), attribute, value)
}

async function holderOfMail(
  realm: Realm,
  is: Filter,
  address: string,
): Promise<EndUser | undefined> {
  await completeIndex(realm)
  const { subs: first, another } = await neighboursByMail(realm, address, mostOfOne)
  const crowded = first.length >= mostOfOne
  const subs = crowded ? await subsByMail(realm, address, mostClaims) : first
  const looked = subs.length > 0 || another === undefined ? subs : [another]
  const found: Item[] = []
  for (const sub of looked) {
    const own: Filter = { is: 'eq', field: ['_id'], value: sub }
    found.push(...(await itemsOf(realm, { is: 'and', of: [own, is] })))
  }
  const one = await theOne(realm, found, 'mail', address)
  if (one === undefined && another !== undefined) await readEndUser(realm, another)
  return one
}

async function theOne(
  realm: Realm,
  found: readonly Item[],
  attribute: string,
  value: Json,
): Promise<EndUser | undefined> {
  // Not from memory: who was read of late would be found faster.
  const users = found.map(async ({ id }) => (await readEndUser(realm, id))?.user)
  const there = (await Promise.all(users)).filter((user) => user !== undefined)
  return holderAmong(realm, there, attribute, value)
}

async function itemsOf(realm: Realm, filter: Filter): Promise<readonly Item[]> {
  const query = { filter, pageSize: 0, offset: 0, after: undefined, sort: [] }
  const listed = await userKind.list(realm, query)
  return listed.outcome === 'listed' ? listed.items : []
}

async function fewEnough(realm: Realm, attribute: string): Promise<void> {
  const { keys } = await realm.settings.list(userFolder(realm), mostLookedThrough + 1)
  if (keys.length <= mostLookedThrough) return
  event('account.not_looked_up', { realm: realm.path, attribute, most: mostLookedThrough }, 'warn')
  throw new NodeError(
    `accounts are found by userName, _id and mail; there are too many to look through for ${attribute}`,
  )
}
