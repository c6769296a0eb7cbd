import type { JsonObject } from '../../base/json.ts'
import type { Ready } from '../../base/ready.ts'
import { never } from '../../store/store.ts'
import { lost, untilDecided } from '../../store/update.ts'
import type { Realm } from '../realm.ts'
import type { DatedSigningKey } from './keys.ts'
import { lifetimeOf } from './keys.ts'
import { keyName } from './stored-key.ts'

/** What this process has seen written down of keys that it imported before that. */
const written = new WeakMap<DatedSigningKey, number>()

/**
 * Before a key signs what lives longer than anything it signed so far, that is written down with it: it
 * is kept for as long after it was replaced. Whoever changed the lifetimes meanwhile ends no token.
 */
export function promiseLifetime(
  { settings, path }: Pick<Realm, 'settings' | 'path'>,
  key: DatedSigningKey,
  lifetime: number,
): Ready<void> {
  if (lifetime <= key.lifetime || lifetime <= (written.get(key) ?? 0)) return
  return writeDown(settings, keyName(path, key.id), lifetime).then(() => {
    written.set(key, lifetime)
  })
}

async function writeDown(
  settings: Realm['settings'],
  name: string,
  lifetime: number,
): Promise<void> {
  await untilDecided('a key', async () => {
    const stored = await settings.get(name)
    if (stored === undefined) return
    const jwk = JSON.parse(stored.value.toString()) as JsonObject
    if (lifetime <= lifetimeOf(jwk)) return
    const value = Buffer.from(JSON.stringify({ ...jwk, lifetime }))
    const outcome = await settings.replace(name, stored.version, value, never)
    return outcome === 'won' ? undefined : lost
  })
}
