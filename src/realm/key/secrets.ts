import type { KeyObject } from 'node:crypto'
import { createHmac, createSecretKey } from 'node:crypto'
import { memo } from '../../base/memo.ts'
import type { Clock } from '../../base/time.ts'
import type { OAuth2Provider } from '../oauth2-provider.ts'
import { activeOf, publishedBefore } from './key-state.ts'
import type { StoredKey } from './stored-key.ts'

type Lifetimes = Pick<
  OAuth2Provider,
  'accessTokenLifetime' | 'interactionLifetime' | 'sessionMaxTime'
>

const [hour, day, year] = [3600, 86_400, 31_536_000]

/** A page that somebody has open, and what leads back to it. */
const page = ({ interactionLifetime, sessionMaxTime }: Lifetimes): number =>
  Math.max(day, interactionLifetime + hour, sessionMaxTime * 60)

/** A proof that may be kept for a year. */
const keepsake = ({ accessTokenLifetime }: Lifetimes): number => Math.max(year, accessTokenLifetime)

/** What a realm makes with secrets that nobody else has, and how long such a thing may live, in seconds. */
const purposes = {
  'access-token': keepsake,
  'account csrf': page,
  'auth-id': page,
  'auth-id state': page,
  csrf: page,
  device: keepsake,
  history: page,
  'done csrf': page,
  'dpop nonce': () => 2 * hour,
  'idempotency key': page,
  interaction: page,
  'interaction name': page,
  'list cookie': page,
  log: page,
  'logout csrf': page,
  'persistent cookie': keepsake,
  'pre-login': page,
  'pushed csrf': page,
  'record of': page,
  'remote consent': page,
  'request digest': page,
  'switch csrf': page,
} as const satisfies Record<string, (lifetimes: Lifetimes) => number>

export type Purpose = keyof typeof purposes

/** How long a secret that was replaced may be asked for, in seconds. */
export function longestProof(lifetimes: Lifetimes): number {
  return Math.max(...Object.values(purposes).map((life) => life(lifetimes)))
}

/** A realm's secrets. */
export interface Secrets {
  /** What is made now is made with this one. */
  readonly of: (purpose: Purpose) => KeyObject
  /** All with which something may have been made that is still alive, most likely the first. */
  readonly all: (purpose: Purpose) => readonly KeyObject[]
}

/** Secrets of one age, the first of which makes what is new. */
interface Generation {
  readonly from: number
  readonly keys: readonly KeyObject[]
}

/** What secrets are made from besides what a realm stores. */
interface Outside {
  readonly handleKeys: readonly { readonly key: KeyObject }[]
  readonly now: Clock
}

/**
 * Secrets of a realm, by its identity, for one purpose each. They are derived from drawn keys that the realm
 * stores. Before there are any, from the keys outside the database, the first of which makes what is new.
 */
export function secrets(
  { handleKeys, now }: Outside,
  stored: readonly StoredKey[],
  identity: string,
  lifetimes: Lifetimes,
): Secrets {
  const generations = generationsOf(handleKeys, stored)
  const derived = deriving(identity)
  return {
    of: (purpose) => derived(activeOf(generations, now())?.keys[0] as KeyObject, purpose),
    all(purpose) {
      const time = now()
      const active = activeOf(generations, time)
      const oldest = time - purposes[purpose](lifetimes) - publishedBefore
      let replaced = Number.POSITIVE_INFINITY
      const live = generations.filter((each) => {
        const counts = replaced >= oldest
        replaced = Math.min(replaced, each.from)
        return counts && each !== active
      })
      const keys = [active, ...live].flatMap((each) => each?.keys ?? [])
      return keys.map((key) => derived(key, purpose))
    },
  }
}

/** The newest first. */
function generationsOf(
  handleKeys: Outside['handleKeys'],
  stored: readonly StoredKey[],
): readonly Generation[] {
  const drawn = stored.map(({ jwk, from }): Generation => {
    const key = Buffer.from(typeof jwk.k === 'string' ? jwk.k : '', 'base64url')
    return { from, keys: [createSecretKey(key)] }
  })
  // The one that is not stored counts as long as the first that is, or where that one is still to come.
  const derives = stored.length === 0 || stored.at(-1)?.generation === 1
  return derives ? [...drawn, { from: 0, keys: handleKeys.map(({ key }) => key) }] : drawn
}

function deriving(identity: string): (key: KeyObject, purpose: Purpose) => KeyObject {
  const made = memo((_key: KeyObject) => new Map<Purpose, KeyObject>())
  return (key, purpose) => {
    const known = made(key).get(purpose)
    if (known !== undefined) return known
    const text = `realm secret ${purpose} ${identity}`
    const secret = createSecretKey(createHmac('sha256', key).update(text).digest())
    made(key).set(purpose, secret)
    return secret
  }
}
