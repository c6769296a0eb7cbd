import { memo } from '../base/memo.ts'
import type { Ready } from '../base/ready.ts'
import { singleFlight } from '../base/single-flight.ts'
import type { Store } from '../store/store.ts'
import type { KeyName, RealmKeys } from './keys.ts'
import { createKeys, readKeys } from './keys.ts'
import type { Realm } from './realm.ts'
import { touchRealm } from './touch.ts'

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
    if (await createKeys(settings, path, realm.now(), wanted)) await touchRealm(settings, path)
    return readKeys(settings, path)
  })
}
