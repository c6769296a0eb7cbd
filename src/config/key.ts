import type { JsonObject } from '../base/json.ts'
import { event } from '../base/log.ts'
import { isoTime } from '../base/time.ts'
import type { StatedKey } from '../realm/key/key-state.ts'
import { statesOf } from '../realm/key/key-state.ts'
import { keptAfter } from '../realm/key/rotate-keys.ts'
import { familiesMeant, keyWords, replaceKeys, rotationOf } from '../realm/key/rotation.ts'
import { byFamily, keyName, storedKeys } from '../realm/key/stored-key.ts'
import type { Realm } from '../realm/realm.ts'
import { readRealm } from '../realm/realms.ts'
import { touchRealm } from '../realm/touch.ts'
import { changesTold } from './difference.ts'
import type { Item, Kind, Saved } from './kind.ts'
import { notByHand } from './of-user.ts'
import { listWhole } from './query.ts'

/**
 * Keys that a realm has made: those in its key set, and the secrets of its own proofs. Nobody writes one;
 * what can be done to them is to rotate them, and to end one that is no longer used.
 */
export const keyKind: Kind = {
  name: 'key',
  schema: () => ({}),
  async list(realm, query) {
    const items = new Map((await itemsOf(realm)).map((item) => [item.id, item]))
    return listWhole(query, [...items.keys()].sort(), async (id) => items.get(id), shown)
  },
  read: async (realm, id) => (await itemsOf(realm)).find((item) => item.id === id),
  show: (value) => value,
  save: async () => notByHand('keys are made by the server: rotate them'),

  async remove(realm, id, { by, condition }) {
    const item = await keyKind.read(realm, id)
    const obstacle = condition.obstacle(item?.rev)
    if (obstacle !== undefined) return { outcome: obstacle }
    if (item === undefined) return { outcome: 'absent' }
    if (item.value.state === 'active')
      return { outcome: 'refused', problem: { path: '', text: 'it is in use: rotate it first' } }
    const removed = await realm.settings.delete(keyName(realm.path, id))
    if (!removed) return { outcome: 'absent' }
    await touchRealm(realm.settings, realm.path)
    const changes = changesTold(statesIn([item]), {})
    event('key.removed', { realm: realm.path, key_id: id, by, changes })
    return { outcome: 'removed', item }
  },
}

const shown = ({ value }: Item): JsonObject => keyKind.show(value)

/** What rotating came to: the keys as they are by then. */
type Rotated =
  | { readonly outcome: 'rotated'; readonly items: readonly Item[] }
  | Extract<Saved, { outcome: 'invalid' }>

/**
 * Replaces keys of a realm: `keys` says which, by use or algorithm. `now`: others may know them, so the new
 * ones are used at once, and what was made with those before counts no more.
 */
export async function rotateRealmKeys(
  realm: Realm,
  { keys, now = false, ...rest }: JsonObject,
  by: string,
): Promise<Rotated> {
  const wanted = typeof keys === 'string' ? familiesMeant(keys) : undefined
  const problems = [
    ...(wanted === undefined
      ? [{ path: 'keys', text: `must be one of ${keyWords.join(', ')}` }]
      : []),
    ...(typeof now === 'boolean' ? [] : [{ path: 'now', text: 'must be true or false' }]),
    ...Object.keys(rest).map((path) => ({ path, text: 'there is no such member' })),
  ]
  if (wanted === undefined || typeof now !== 'boolean' || problems.length > 0)
    return { outcome: 'invalid', problems }
  const time = realm.now()
  const times = { past: time, now: time }
  const before = await itemsOf(realm)
  await replaceKeys(realm.settings, times, realm.path, { wanted, spoilt: now, by })
  const items = await itemsOf(realm)
  const changes = changesTold(statesIn(before), statesIn(items))
  event('keys.rotated', { realm: realm.path, keys, spoilt: now, by, changes })
  return { outcome: 'rotated', items }
}

/** Which keys there are, and what becomes of each. */
function statesIn(items: readonly Item[]): JsonObject {
  return Object.fromEntries(items.map(({ id, value }) => [id, value.state ?? null]))
}

async function itemsOf(realm: Realm): Promise<readonly Item[]> {
  const stored = await readRealm(realm)
  if (stored === undefined) return []
  const rotation = rotationOf(stored.record)
  const families = byFamily(await storedKeys(realm.settings, realm.path))
  return [...families].flatMap(([family, keys]) =>
    statesOf(keys, realm.now()).map((key) => itemOf(key, keptAfter(key, rotation(family)))),
  )
}

/** `kept`: the seconds for which it still counts once another one is used instead. */
function itemOf(key: StatedKey, kept: number): Item {
  const { id, jwk, state, since, from, replaced } = key
  const { use = '', alg, kid, kty = '' } = jwk
  const value = {
    use,
    kty,
    ...(alg === undefined ? {} : { alg }),
    ...(kid === undefined ? {} : { kid }),
    state,
    ...(since === 0 ? {} : { since: isoTime(since) }),
    ...(from === 0 ? {} : { from: isoTime(from) }),
    ...(replaced === undefined || replaced === 0 ? {} : { until: isoTime(replaced + kept) }),
  }
  return { id, rev: `${state}-${replaced ?? from}`, value }
}
