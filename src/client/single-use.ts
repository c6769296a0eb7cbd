import { hash } from 'node:crypto'
import { correction } from '../base/trusted-time.ts'
import type { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import { never, type SingleUseKey } from '../store/store.ts'

/**
 * What must be spent once during a request: together with the request's own write if there is
 * one, else by itself. Until then nothing is stored, so that a request is one commit.
 */
export interface SingleUse {
  /** Hands its key to a write; undefined from the second time on, since the first spent it. */
  take(): SingleUseKey | undefined
  /**
   * Spends it now unless a write took it; `as` is what others read there, nothing if it is not said.
   * @throws what `used` says when it had been spent before.
   */
  spend(as?: string): Promise<void>
  /** Whether it had been spent before; says nothing of what others do meanwhile, which only a write knows. */
  isSpent(): Promise<boolean>
  /** As what it was spent, empty where that was not said; undefined where it is not spent. */
  spentAs(): Promise<string | undefined>
  /** The error of one that had been spent before. */
  used(): OAuthError
  /** One that is spent with it, and before a write takes it: a write takes no more than one key. */
  readonly beside?: SingleUse
}

/** What a write means that says `spent`: the single use it took had been spent before. */
export function spentBefore(singleUse: SingleUse | undefined): Error {
  return singleUse?.used() ?? new Error('a single use was spent that nobody handed in')
}

/**
 * The single use of something that counts until `until` (seconds). `what` names it: kind, realm,
 * owner and id, so that kinds, realms and clients never meet (P-7). `remembered`: where `until` only orders it,
 * since the thing has no end of its own or its id counts whatever its end. What has one is remembered for longer, since the
 * clock may be corrected back.
 */
export function singleUse(
  realm: Realm,
  what: readonly string[],
  until: number,
  used: () => OAuthError,
  remembered = Math.min(until + correction, never),
): SingleUse {
  const key = singleUseKey([realm.path, ...what], until)
  let unspent: SingleUseKey | undefined = { key, expiry: remembered }
  const take = (): SingleUseKey | undefined => {
    const taken = unspent
    unspent = undefined
    return taken
  }
  return {
    take,
    used,
    isSpent: async () => (await realm.records.get(key)) !== undefined,
    spentAs: async () => (await realm.records.get(key))?.value.toString(),
    async spend(as = '') {
      const taken = take()
      if (taken === undefined) return
      const outcome = await realm.records.insert(taken.key, Buffer.from(as), taken.expiry)
      if (outcome !== 'won') throw used()
    },
  }
}

/**
 * Spends what is refused because it has ended, if a correction of the clock could bring it back.
 * Nobody is told whether it had been spent before. `order` is the `until` by which its use is ordered.
 */
export async function spendEnded(
  realm: Realm,
  what: readonly string[],
  until: number,
  order = until,
): Promise<void> {
  const remembered = until + correction
  if (realm.timeOfDay() > remembered) return
  await realm.records.insert(singleUseKey([realm.path, ...what], order), empty, remembered)
}

const empty = Buffer.alloc(0)

/** The time comes from the thing itself, never from the clock: the same thing has the same key. */
function singleUseKey(what: readonly string[], until: number): string {
  const name = hash('sha256', JSON.stringify(what), 'base64url')
  return `${Math.floor(until).toString(16).padStart(12, '0')}:${name}`
}
