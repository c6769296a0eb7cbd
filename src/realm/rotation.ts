import { event, reasonOf } from '../base/log.ts'
import type { Clock } from '../base/time.ts'
import { delay } from '../base/time.ts'
import { readSettings } from '../protocol/setting.ts'
import type { Store } from '../store/store.ts'
import type { Rotation } from './keys.ts'
import { rotateKeys } from './keys.ts'
import { oauth2Provider } from './oauth2-provider.ts'
import type { RealmRecord } from './realms.ts'
import { allRealms } from './realms.ts'
import { keysThere } from './stored-key.ts'
import { touchRealm } from './touch.ts'

/** Milliseconds between two looks at the keys. */
const pause = 3_600_000

const day = 86_400

/**
 * Looks after the keys of all realms for as long as the process runs, without holding it alive.
 * Several processes may: of those that make one generation the first wins.
 */
export function keepRotated(settings: Store, now: Clock): { stop(): void } {
  let stopped = false
  const seen = new Map<string, string>()
  const loop = async (): Promise<void> => {
    while (!stopped) {
      await rotateRealms(settings, now(), seen).catch((error: unknown) => {
        if (!stopped) event('keys.rotation_failed', { reason: reasonOf(error) }, 'warn')
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

/**
 * One look: what is old is replaced, what was replaced long ago forgotten. Every
 * process is told by a new version of the realm. Whoever wrote a key may have ended before it told:
 * so does the next look that finds other keys than the one before, which `seen` remembers by path, and
 * the first look of a process that finds a key of the last hour.
 */
export async function rotateRealms(
  settings: Store,
  now: number,
  seen?: Map<string, string>,
): Promise<void> {
  for (const { record } of await allRealms(settings)) {
    const { path } = record
    const changed = await rotateKeys(settings, path, now, rotationOf(record))
    const untold = seen !== undefined && (await newToUs(settings, path, now, seen))
    if (!changed && !untold) continue
    await touchRealm(settings, path)
    if (changed) event('keys.changed', { realm: path })
  }
}

async function newToUs(
  settings: Store,
  path: string,
  now: number,
  seen: Map<string, string>,
): Promise<boolean> {
  const { names, newest } = await keysThere(settings, path)
  const before = seen.get(path)
  seen.set(path, names)
  return before === undefined ? newest > now - pause / 1000 : before !== names
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
