import { event, reasonOf } from '../../base/log.ts'
import { delay } from '../../base/time.ts'
import type { TrustedTime } from '../../base/trusted-time.ts'
import { readSettings } from '../../protocol/setting.ts'
import type { Store } from '../../store/store.ts'
import { oauth2Provider } from '../oauth2-provider.ts'
import type { RealmRecord } from '../realms.ts'
import { allRealms } from '../realms.ts'
import { keySetKept, publishedBefore } from './key-state.ts'
import type { Rotation, Times } from './rotate-keys.ts'
import { replaceSpoiltKeys, rotateKeys } from './rotate-keys.ts'
import { longestProof } from './secrets.ts'
import type { Family } from './stored-key.ts'
import { keyNames, secretFamily, signingAlgorithms, storedKeys } from './stored-key.ts'
import { tellKeys } from './tell-keys.ts'

/** Milliseconds between two looks at the keys. */
const pause = 3_600_000

const day = 86_400

/**
 * Looks after the keys of all realms for as long as the process runs, without holding it alive.
 * Several processes may: of those that make one generation the first wins.
 */
export function keepRotated(
  settings: Store,
  time: Pick<TrustedTime, 'past' | 'now'>,
): { stop(): void } {
  let stopped = false
  const seen = new Map<string, string>()
  const loop = async (): Promise<void> => {
    while (!stopped) {
      await rotateRealms(settings, { past: time.past(), now: time.now() }, seen).catch(
        (error: unknown) => {
          if (!stopped) event('keys.rotation_failed', { reason: reasonOf(error) }, 'warn')
        },
      )
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
  times: Times,
  seen?: Map<string, string>,
): Promise<void> {
  for (const { record } of await allRealms(settings)) {
    const { path } = record
    const changed = await rotateKeys(settings, path, times, rotationOf(record))
    const untold = seen !== undefined && (await newToUs(settings, path, times.past, seen))
    if (!changed && !untold) continue
    await tellKeys(settings, path)
    if (changed) event('keys.changed', { realm: path, by: 'parapet serve' })
  }
}

async function newToUs(
  settings: Store,
  path: string,
  past: number,
  seen: Map<string, string>,
): Promise<boolean> {
  const stored = await storedKeys(settings, path)
  const ids = stored.map(({ id }) => id).join(' ')
  const before = seen.get(path)
  seen.set(path, ids)
  const newest = Math.max(0, ...stored.map(({ since }) => since))
  return before === undefined ? newest > past - pause / 1000 : before !== ids
}

/** The words for several families, by what their keys are for (RFC 7517 §4.2; `mac` is our own). */
const uses = {
  sig: (family) => signingAlgorithms.some((alg) => alg === family),
  mac: (family) => family === secretFamily,
  enc: (family) => family === 'RSA' || family === 'P-256',
  all: () => true,
} as const satisfies Record<string, (family: Family) => boolean>

/** What may be said of which keys are meant. */
export const keyWords: readonly string[] = [...Object.keys(uses), ...keyNames]

/** The families a word stands for; undefined when it is none. */
export function familiesMeant(word: string): ((family: Family) => boolean) | undefined {
  if (Object.hasOwn(uses, word)) return uses[word as keyof typeof uses]
  return keyNames.some((name) => name === word) ? (family) => family === word : undefined
}

/** Which keys to replace, whatever their age. */
export interface Replacement {
  readonly wanted: (family: Family) => boolean
  /** Somebody else may know them: the new ones are used at once, and those before count no more. */
  readonly spoilt: boolean
  /** Who asked for it. */
  readonly by: string
}

/** What became of a realm's keys: whether a new one is among them. */
export interface Replaced {
  readonly path: string
  readonly made: boolean
}

/**
 * Replaces keys of one realm, or of all; those that were replaced count for as long as ever. Tells of each
 * realm. @throws Error when there is no such realm.
 */
export async function replaceKeys(
  settings: Store,
  times: Times,
  path: string | undefined,
  { wanted, spoilt, by }: Replacement,
): Promise<readonly Replaced[]> {
  const records = (await allRealms(settings)).map(({ record }) => record)
  const meant = records.filter((record) => path === undefined || record.path === path)
  if (meant.length === 0) {
    if (records.length === 0) throw new Error('the store has no realms: is it the right one?')
    const known = records.map((record) => record.path).join(', ')
    throw new Error(`no realm ${path} in the store; it has: ${known}`)
  }
  const replaced: Replaced[] = []
  for (const record of meant) {
    const before = await keyIds(settings, record.path)
    const usual = rotationOf(record)
    const at = (family: Family): Rotation => ({
      ...usual(family),
      after: wanted(family) ? 0 : Number.POSITIVE_INFINITY,
    })
    if (spoilt) await replaceSpoiltKeys(settings, record.path, times, wanted)
    else await rotateKeys(settings, record.path, times, at)
    await tellKeys(settings, record.path)
    event('keys.changed', { realm: record.path, spoilt, by })
    const after = await keyIds(settings, record.path)
    replaced.push({ path: record.path, made: after.some((id) => !before.includes(id)) })
  }
  return replaced
}

async function keyIds(settings: Store, path: string): Promise<readonly string[]> {
  return (await storedKeys(settings, path)).map(({ id }) => id)
}

/** How a realm's settings have each family rotated. */
export function rotationOf({
  document,
}: Pick<RealmRecord, 'document'>): (family: Family) => Rotation {
  const { values } = readSettings(oauth2Provider, document)
  const { encryptionKeyDays, encryptionKeyOverlapDays, signingKeyDays } = values
  const signed = Math.max(
    values.accessTokenLifetime,
    values.jwtTokenLifetime,
    values.sessionMaxTime * 60,
  )
  const after = days(signingKeyDays)
  const signing = { after, before: publishedBefore, keep: signed + keySetKept }
  const secret = { after, before: publishedBefore, keep: longestProof(values) + publishedBefore }
  const encryption = {
    after: days(encryptionKeyDays),
    before: 0,
    keep: encryptionKeyOverlapDays * day,
  }
  return (family) => (uses.sig(family) ? signing : uses.mac(family) ? secret : encryption)
}

/** After so many days; 0: never. */
function days(count: number): number {
  return count === 0 ? Number.POSITIVE_INFINITY : count * day
}
