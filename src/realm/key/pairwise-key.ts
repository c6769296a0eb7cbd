import type { KeyObject } from 'node:crypto'
import { createSecretKey } from 'node:crypto'
import { base64url } from '../../base/bytes.ts'
import { memo } from '../../base/memo.ts'
import type { Store } from '../../store/store.ts'
import { type Realm, realmKey } from '../realm.ts'
import { storedRealm } from '../realms.ts'
import { emptyKeysOfGone } from '../removal.ts'
import { insertKey, keyName } from './stored-key.ts'

/** It is of no family: nothing rotates it, since with another one every user would be somebody else to everybody. */
const id = 'pairwise-0'

const keysOf = memo((_settings: Store) => new Map<string, Promise<KeyObject>>())

/** The key by which a realm makes pairwise subjects (OIDC Core §8.1): drawn when it is first asked for, and kept. */
export function pairwiseKey(
  realm: Pick<Realm, 'identity' | 'path' | 'settings' | 'random'>,
): Promise<KeyObject> {
  const keys = keysOf(realm.settings)
  const known = keys.get(realm.identity)
  if (known !== undefined) return known
  const read = readOrDraw(realm)
  keys.set(realm.identity, read)
  read.catch(() => keys.delete(realm.identity))
  return read
}

/** Of several processes that draw one the first wins, and all read what it wrote. */
async function readOrDraw({
  path,
  settings,
  random,
}: Pick<Realm, 'path' | 'settings' | 'random'>): Promise<KeyObject> {
  const name = keyName(path, id)
  let stored = await settings.get(name)
  if (stored === undefined) {
    await insertKey(settings, path, id, { kty: 'oct', k: base64url(random(32)) })
    stored = await settings.get(name)
    if ((await storedRealm(settings, realmKey(path))) === undefined)
      await emptyKeysOfGone(settings, path)
  }
  const jwk = stored && (JSON.parse(stored.value.toString()) as { readonly k?: unknown })
  if (typeof jwk?.k !== 'string') throw new Error('the key of pairwise subjects cannot be read')
  return createSecretKey(Buffer.from(jwk.k, 'base64url'))
}
