import { base64url } from '../../base/bytes.ts'
import type { JsonObject } from '../../base/json.ts'
import { random } from '../../base/random.ts'
import type { Store } from '../../store/store.ts'
import { activeOf, keySetKept } from './key-state.ts'
import { lifetimeOf } from './keys.ts'
import type { Family, Generations, StoredKey } from './stored-key.ts'
import { byFamily, insertKey, keyName, makers, secretFamily, storedKeys } from './stored-key.ts'

/** The two times of a rotation, in seconds; see `base/trusted-time.ts`. */
export interface Times {
  /** What is over by now is over by every clock: by this keys are old, and forgotten. */
  readonly past: number
  /** What keys are chosen by when they are used. */
  readonly now: number
}

/** When the keys of a family are replaced, and until when replaced ones still count; in seconds. */
export interface Rotation {
  /** Time in use after which a key is replaced; 0: at once, Infinity: never. */
  readonly after: number
  /** How long a key is there before it is used. */
  readonly before: number
  /** How long a key counts at least, from when it was replaced. */
  readonly keep: number
}

/** Replaces what is old enough and forgets what was replaced long ago; tells whether anything changed. */
export async function rotateKeys(
  settings: Store,
  path: string,
  times: Times,
  rotationOf: (family: Family) => Rotation,
): Promise<boolean> {
  let changed = false
  for (const [family, keys] of await familiesOf(settings, path, times)) {
    const rotation = rotationOf(family)
    for (const id of overAmong(keys, times, rotation))
      changed = (await settings.delete(keyName(path, id))) || changed
    if (!isDue(keys, times, rotation)) continue
    const nbf = rotation.before === 0 ? undefined : times.now + rotation.before
    await insertNext(settings, path, family, keys[0].generation + 1, { iat: times.past, nbf })
    changed = true
  }
  return changed
}

/**
 * Replaces keys that others may know: the new ones are used at once, and what was made with those before
 * counts no more.
 */
export async function replaceSpoiltKeys(
  settings: Store,
  path: string,
  times: Times,
  wanted: (family: Family) => boolean,
): Promise<void> {
  for (const [family, keys] of await familiesOf(settings, path, times)) {
    if (!wanted(family)) continue
    // One is left out, so that no secret counts that is derived without being stored: see `secrets.ts`.
    const generation = keys[0].generation + (family === secretFamily ? 2 : 1)
    await insertNext(settings, path, family, generation, { iat: times.past, nbf: times.now })
    for (const { id } of keys) await settings.delete(keyName(path, id))
  }
}

/** The keys of a realm; its secrets too where none is stored yet, since some are derived before. */
async function familiesOf(
  settings: Store,
  path: string,
  { past }: Times,
): Promise<readonly (readonly [Family, Generations])[]> {
  const stored = await storedKeys(settings, path)
  const families = byFamily(stored)
  if (families.has(secretFamily)) return [...families]
  // As old as the first key that the realm was asked for.
  const since = Math.min(past, ...stored.map((key) => key.since))
  const id = `${secretFamily}-0`
  const derived = { id, family: secretFamily, generation: 0, jwk: {}, since, from: since } as const
  return [...families, [secretFamily, [derived]]]
}

/** What was replaced so long ago that nothing counts any more that was made with it. */
function overAmong(
  [newest, ...older]: Generations,
  { past }: Times,
  { keep }: Pick<Rotation, 'keep'>,
): readonly string[] {
  const over: string[] = []
  let replaced = newest.from
  for (const key of older) {
    const kept = keptAfter(key, { keep })
    // Since when the one after it is there was not always written down.
    if (replaced > 0 && past >= replaced + kept) over.push(key.id)
    replaced = Math.min(replaced, key.from)
  }
  return over
}

/** Seconds for which a key counts after it was replaced: one that signs for as long as anything it signed, too. */
export function keptAfter({ jwk }: StoredKey, { keep }: Pick<Rotation, 'keep'>): number {
  return jwk.use === 'sig' ? Math.max(keep, lifetimeOf(jwk) + keySetKept) : keep
}

function isDue(keys: Generations, { past, now }: Times, { after, before }: Rotation): boolean {
  const [newest] = keys
  const active = activeOf(keys, now) ?? newest
  // One that is used although it has not begun is the only one, made by a clock ahead: nothing is waited for.
  const waits = newest !== active && newest.from > now
  // Nor is one waited for any longer that a clock far ahead has made, and none is too young for `at once`.
  if (waits && newest.from <= now + before) return false
  return Math.max(0, past - active.from) >= after - before
}

async function insertNext(
  settings: Store,
  path: string,
  family: Family,
  generation: number,
  { iat, nbf }: { readonly iat: number; readonly nbf: number | undefined },
): Promise<void> {
  const made = await makers.get(family)?.()
  const jwk: JsonObject = made?.privateJwk ?? { kty: 'oct', use: 'mac', k: base64url(random(32)) }
  const dated = { ...jwk, iat, ...(nbf === undefined ? {} : { nbf }) }
  await insertKey(settings, path, `${family}-${generation}`, dated)
}
