/** Where a key of a realm stands between its making and its end. All of it follows from times that are stored with it. */
import type { StoredKey } from './stored-key.ts'

export type KeyState =
  /** To be seen by others, and not used yet. */
  | 'published'
  /** The one of its family that is used. */
  | 'active'
  /** Used no more; what was made with it is still taken. */
  | 'retired'

/** Seconds for which jwks_uri allows its answer to be kept. */
export const keySetKept = 3600

/** Seconds by which the clocks of processes and clients may disagree. */
const disagreement = 300

/**
 * Seconds for which a key is published before it signs: whoever keeps the key set as long as they may has
 * it by then. So long a secret is known, too, before one is used: every process has it by then, and a server
 * of a version that knows of none has been replaced.
 */
export const publishedBefore = keySetKept + disagreement

/** The one in use, of keys of one family, the newest first. Where none has begun, the first that was there. */
export function activeOf<K extends { readonly from: number }>(
  keys: readonly K[],
  now: number,
): K | undefined {
  return keys.find(({ from }) => from <= now) ?? keys.at(-1)
}

/** A key with where it stands. */
export interface StatedKey extends StoredKey {
  readonly state: KeyState
  /** From when on another one was used instead; undefined until that one is there. */
  readonly replaced: number | undefined
}

/** Where the keys of one family stand, the newest first as they are. */
export function statesOf(keys: readonly StoredKey[], now: number): readonly StatedKey[] {
  const active = keys.indexOf(activeOf(keys, now) as StoredKey)
  let replaced: number | undefined
  return keys.map((key, i) => {
    const stated = {
      ...key,
      state: i < active ? 'published' : i > active ? 'retired' : 'active',
      replaced,
    } as const
    replaced = Math.min(key.from, replaced ?? key.from)
    return stated
  })
}
