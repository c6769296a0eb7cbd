import { event } from '../base/log.ts'
import type { Clock } from '../base/time.ts'
import { delay } from '../base/time.ts'
import { readSettings } from '../spec/setting.ts'
import type { Store } from '../store/store.ts'
import type { Rotation } from './keys.ts'
import { createKeys, rotateKeys } from './keys.ts'
import { oauth2Provider } from './oauth2-provider.ts'
import type { RealmRecord } from './realms.ts'
import { allRealms, touchRealm } from './realms.ts'

/** Milliseconds between two looks at the keys. */
const pause = 3_600_000

const day = 86_400

/**
 * Looks after the keys of all realms for as long as the process runs, without holding it alive.
 * Several processes may: of those that make one generation the first wins.
 */
export function keepRotated(settings: Store, now: Clock): { stop(): void } {
  let stopped = false
  const loop = async (): Promise<void> => {
    while (!stopped) {
      await rotateRealms(settings, now()).catch((error: unknown) => {
        if (!stopped) event('keys.rotation_failed', { reason: String(error) }, 'warn')
      })
      await delay(pause, false)
    }
  }
  void loop()
  return {
    stop() {
      stopped = true
    },
  }
}

/** One look: what is missing is made, what is old replaced, what was replaced long ago forgotten. */
export async function rotateRealms(settings: Store, now: number): Promise<void> {
  for (const { record } of await allRealms(settings)) {
    const made = await createKeys(settings, record.path, now)
    const changed = await rotateKeys(settings, record.path, now, rotationOf(record))
    if (!made && !changed) continue
    await touchRealm(settings, record.path)
    event('keys.changed', { realm: record.path })
  }
}

/**
 * Replaces the keys of one realm, or of all, whatever their age; those replaced open for as long as
 * ever. Tells the paths. @throws Error when there is no such realm.
 */
export async function replaceKeys(
  settings: Store,
  now: number,
  path: string | undefined,
): Promise<readonly string[]> {
  const records = (await allRealms(settings)).map(({ record }) => record)
  const wanted = records.filter((record) => path === undefined || record.path === path)
  if (wanted.length === 0) {
    if (records.length === 0) throw new Error('the store has no realms: is it the right one?')
    const known = records.map((record) => record.path).join(', ')
    throw new Error(`no realm ${path} in the store; it has: ${known}`)
  }
  for (const record of wanted) {
    await rotateKeys(settings, record.path, now, { ...rotationOf(record), after: 0 })
    await touchRealm(settings, record.path)
    event('keys.changed', { realm: record.path })
  }
  return wanted.map((record) => record.path)
}

function rotationOf({ document }: RealmRecord): Rotation {
  const { encryptionKeyDays, encryptionKeyOverlapDays } = readSettings(
    oauth2Provider,
    document,
  ).values
  const after = encryptionKeyDays === 0 ? Number.POSITIVE_INFINITY : encryptionKeyDays * day
  return { after, overlap: encryptionKeyOverlapDays * day }
}
