import type { JsonObject } from '../../base/json.ts'
import { memo } from '../../base/memo.ts'
import type { Ready } from '../../base/ready.ts'
import { singleFlight } from '../../base/single-flight.ts'
import { importDecryptingKey } from '../../jose/encryption/encryption-key.ts'
import { importSigningKey } from '../../jose/jwk.ts'
import { allKeysIn } from '../../store/keys-in.ts'
import type { Store } from '../../store/store.ts'
import type { Realm } from '../realm.ts'
import { emptyKeysOfGone } from '../removal.ts'
import { touchRealm } from '../touch.ts'
import type { RealmKeys } from './keys.ts'
import { readKeys } from './keys.ts'
import type { KeyName } from './stored-key.ts'
import { imported, insertKey, keyFolder, keyNames, kindOf, makers, readName } from './stored-key.ts'

const makingIn = memo((_settings: Store) => singleFlight<RealmKeys>())

/**
 * A realm's keys with these among them. A key is made when it is first asked for, since an RSA key takes
 * its time and many a realm never needs one. Then every process is told by a new version of the realm.
 */
export function keysWith(
  realm: Pick<Realm, 'path' | 'settings' | 'now' | 'keys'>,
  wanted: readonly KeyName[],
): Ready<RealmKeys> {
  const { path, settings, keys } = realm
  if (wanted.every((name) => keys.names.has(name))) return keys
  return makingIn(settings)(`${path} ${wanted.join(' ')}`, 0, async () => {
    const isMade = await createKeys(settings, path, realm.now(), wanted)
    const isGone = isMade && !(await touchRealm(settings, path))
    const made = await readKeys(settings, path)
    // What asked for them while the realm was removed has them to its end.
    if (isGone) await emptyKeysOfGone(settings, path)
    return made
  })
}

/**
 * Makes what of these keys is missing, and tells whether any was. A key's name is its kind and generation,
 * so that of several processes that make one at once one wins the insert and the others read what it wrote.
 */
export async function createKeys(
  settings: Store,
  path: string,
  now: number,
  wanted: readonly KeyName[] = keyNames,
): Promise<boolean> {
  const keys = await allKeysIn(settings, keyFolder(path))
  const there = new Set(keys.map((key) => readName(key).name))
  let made = false
  for (const name of wanted) {
    const make = makers.get(name)
    if (make === undefined || there.has(name)) continue
    const { privateJwk } = await make()
    await insertKey(settings, path, `${name}-0`, { ...privateJwk, iat: now })
    made = true
  }
  return made
}

/** Private keys that were made elsewhere, as JWKs with `kid` and `use`. */
export interface HandedIn {
  readonly keys: readonly JsonObject[]
  /** From when on they count. */
  readonly now: number
}

/** Stores keys for a realm that has none yet, each under its `alg` or, one to encrypt to, its kind. */
export async function handInKeys(
  settings: Store,
  path: string,
  { keys, now }: HandedIn,
): Promise<void> {
  for (const jwk of keys) {
    const said = jwk.use === 'sig' ? jwk.alg : kindOf(jwk)
    const name = keyNames.find((known) => known === said)
    if (name === undefined) throw new Error('a realm has no key of that algorithm')
    if (jwk.use === 'sig') imported(importSigningKey(jwk))
    else imported(importDecryptingKey(jwk))
    await insertKey(settings, path, `${name}-0`, { ...jwk, iat: now })
  }
}
