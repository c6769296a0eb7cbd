import { sourceOf } from '../base/address.ts'
import type { Guesses } from '../base/guesses.ts'
import { guesses } from '../base/guesses.ts'
import { HashBusy } from '../base/hashing/lanes.ts'
import { event } from '../base/log.ts'
import type { Lru } from '../base/lru.ts'
import { lru } from '../base/lru.ts'
import { memo } from '../base/memo.ts'
import type { Counters, Crowded } from '../base/throttle.ts'
import { throttleKey } from '../base/throttle.ts'
import { delay } from '../base/time.ts'
import type { Turn } from '../base/turns.ts'
import { OAuthError } from '../protocol/error.ts'
import { triesEverywhere } from '../realm/quota.ts'
import type { Realm } from '../realm/realm.ts'
import type { Store } from '../store/store.ts'
import { knownDevice, lineOf } from './device.ts'
import type { EndUser } from './end-user.ts'
import { findByUsername } from './end-user.ts'
import { nameTried } from './name-tried.ts'
import { longestPassword } from './new-password/policy.ts'
import { plainUsername } from './username.ts'
import { isTheirPassword } from './verify-hash.ts'

/** How long an address is known after somebody logged in from there, in seconds. */
const lately = 86_400

interface Memory {
  readonly guesses: Guesses
  /** When an account last logged in from an address. */
  readonly logins: Lru<number>
}

/** Who tries: what it is counted for, and whose turn it takes. */
interface Caller {
  readonly counters: Counters
  readonly source: string
  /** The account at the address, under which a login is remembered. */
  readonly here: string
}

/**
 * The active account of that name and password, else undefined. Unknown names, inactive accounts and
 * wrong passwords take the same time and look the same. Every try is counted before it is checked: per
 * account and source (`peer`), and per account over all sources but those it has logged in from, by
 * address or by `device` (C-34); the latter in all processes of the store together. Wrong ones are answered ever later; too many are not checked (429), nor
 * what would have to wait too long (503).
 */
export async function authenticateEndUser(
  realm: Realm,
  username: string,
  password: string,
  peer: string,
  device?: string,
  kind: Kind = 'login',
): Promise<EndUser | undefined> {
  const user = await findByUsername(realm, username)
  const source = { username, user, peer, device }
  const check: Check = (from) => isPassword(realm, user, password, { kind, source: from })
  return (await tryAs(realm, source, password, check)) ? user : undefined
}

/** The same, whatever the account's status: who knows its password may be told that it cannot be used. */
export async function authenticateAnyStatus(
  realm: Realm,
  username: string,
  password: string,
  { peer, device }: Pick<Trying, 'peer' | 'device'>,
): Promise<EndUser | undefined> {
  const user = await findByUsername(realm, username)
  const usable: EndUser | undefined = user && { ...user, status: 'Active' }
  const check: Check = (from) =>
    isPassword(realm, usable, password, { kind: 'login', source: from })
  return (await tryAs(realm, { username, user, peer, device }, password, check)) ? user : undefined
}

/**
 * What a password is asked for. So many of the kind `login` begin as may (`base/hashing/queues.ts`); who is logged in
 * already begins as anybody who calls, and therefore waits beside those, in a line of another kind: in theirs, a few of
 * one account could keep all others from ever beginning.
 */
type Kind = 'login' | 'change'

/** Who tries, and at whose account; undefined: nobody's. */
export interface Trying {
  readonly username: string
  readonly user: EndUser | undefined
  readonly peer: string
  readonly device?: string | undefined
}

type Check = (source: string) => Promise<boolean>

/** A try at something that only the owner of an account knows; it counts like one at its password. */
export async function tryAs(
  realm: Realm,
  { username, user, peer, device }: Trying,
  text: string,
  checked: Check,
): Promise<boolean> {
  const { guesses: made, logins } = memoryOf(realm.settings)
  const subject = `${realm.path} ${user?.sub ?? plainUsername(username.slice(0, 200))}`
  const { counters, source, here } = callerOf(realm, user, subject, peer, device)
  const guess = {
    counters,
    everywhere: triesEverywhere(realm, 'user', counters),
    text,
    check: () => checked(source),
  }
  const outcome = await made.check(guess, realm.now).catch(asOverload)
  if (outcome.kind === 'crowded') throw tooMany(realm, username, user, outcome)
  if (outcome.kind === 'right') {
    logins.set(here, realm.now())
    return true
  }
  const { held } = outcome
  const { name, name_hash } = nameTried(realm, username)
  event('login.wrong', { realm: realm.path, sub: user?.sub, name, name_hash, held }, 'warn')
  if (held > 0) await delay(held)
  return false
}

function tooMany(
  realm: Realm,
  username: string,
  user: EndUser | undefined,
  { reason, retryAfter }: Crowded,
): OAuthError {
  const { name, name_hash } = nameTried(realm, username)
  event('login.held_off', { realm: realm.path, sub: user?.sub, name, name_hash, reason }, 'warn')
  return new OAuthError('too_many_requests', 'Too many wrong tries', {
    reason,
    headers: { 'retry-after': String(retryAfter) },
  })
}

/** By `sub`, so that all ways to write a name are one; a name that is nobody's counts all the same. */
function callerOf(
  realm: Realm,
  user: EndUser | undefined,
  subject: string,
  peer: string,
  device: string | undefined,
): Caller {
  const here = throttleKey(subject, peer)
  const exists = user !== undefined
  const number = exists ? knownDevice(realm, device, user) : undefined
  if (number !== undefined) {
    // Not even strangers behind the same address count against this browser.
    const key = throttleKey(subject, `device ${number}`)
    return { counters: { key, all: key, exists }, source: lineOf(number, peer), here }
  }
  const at = memoryOf(realm.settings).logins.get(here)
  const known = at !== undefined && realm.now() - at < lately
  return {
    counters: { key: here, all: known ? here : subject, exists },
    source: sourceOf(peer),
    here,
  }
}

/** Verifies even where nothing can match, so that time tells nothing. */
function isPassword(
  realm: Realm,
  user: EndUser | undefined,
  password: string,
  turn: Turn,
): Promise<boolean> {
  const text = password.length <= longestPassword ? password : ''
  return isTheirPassword(realm, user, text, turn)
}

function asOverload(error: unknown): never {
  throw error instanceof HashBusy ? tooManyAtOnce() : error
}

/** What whoever logs in is told where too many wait for their password to be hashed. */
export function tooManyAtOnce(): OAuthError {
  return new OAuthError('temporarily_unavailable', 'Too many logins at once', {
    headers: { 'retry-after': '1' },
  })
}

const memoryOf = memo<Store, Memory>(() => ({
  guesses: guesses(),
  logins: lru<number>(10_000),
}))
