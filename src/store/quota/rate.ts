/**
 * quota: what is counted over all processes of a store without a write for each count. A process takes of
 * a quota by compare-and-set, in batches sized by what it uses. Knows nothing of what is counted.
 */
import { type Lru, lru } from '../../base/lru.ts'
import type { Ready } from '../../base/ready.ts'
import type { Clock } from '../../base/time.ts'
import type { Store, Stored } from '../store.ts'
import { lost, untilDecided } from '../update.ts'

/** How often something may be done. */
export interface Rate {
  /** So many at once. */
  readonly most: number
  /** And so many more in each second; below 1 where it is one in several. */
  readonly perSecond: number
  /**
   * Of `most`, so many each process may use before it asks the others: by so many times the processes
   * may all of them together go beyond it. Whoever stays below costs the store nothing.
   */
  readonly free: number
}

/** What is counted. */
export interface Counted {
  /** What sort of thing: however many names one kind has, those of others are remembered beside them. */
  readonly kind: string
  /** In this process, among its kind. */
  readonly name: string
  /** Of its record in the store. */
  readonly key: () => string
}

/** Counts over all processes of a store. */
export interface SharedRate {
  /**
   * Takes one; answers 0, or when nothing is left, in how many seconds there is one again.
   *
   * @throws StoreUnavailable where it cannot be found out: then nothing is taken.
   */
  take(counted: Counted, rate: Rate, now: Clock): Ready<number>
  /** How many seconds a refusal still holds that this process has met; 0 if it knows of none. */
  refused(counted: Counted, now: number): number
  /** Gives one back that was taken. */
  giveBack(counted: Counted): void
}

/** What this process has of a rate. */
interface Account {
  /** Taken and not used yet; below zero: used and not taken yet, `free` at most. */
  balance: number
  /** The second for which that is right. */
  at: number
  /** Until when something taken may be used. */
  until: number
  refusedUntil: number
  /** Of the rate when it was used last. */
  most: number
  /** How many to take at once, and when that was done last. */
  batch: number
  asked: number
  /** How far other processes' time is ahead of this one's. */
  ahead: number
  waiting: number
  asking: Promise<void> | undefined
}

/** Seconds for which a batch may be used: what is left of it then is lost. */
const batchSeconds = 2

/** No clock of another process is further ahead: such a record is from before a clock was set back. */
const furthestAhead = 600

/** How many names of a kind a process keeps accounts of; what is forgotten was owed at most. */
const mostAccounts = 10_000

/** Asked so often before a call is sent away for a second: others took what it asked for. */
const tries = 3

/**
 * One store's rates. In any span of T seconds N processes together let at most
 * `most + N·free + (perSecond·(1 + N·free/most))·(T + 2)` pass; a process that ends takes its batch with it,
 * which time brings back.
 */
export function sharedRate(records: Store): SharedRate {
  const kinds = new Map<string, Lru<Account>>()
  const accountOf = ({ kind, name }: Counted): Account | undefined => kinds.get(kind)?.get(name)
  const madeFor = ({ kind, name }: Counted, now: number): Account => {
    const accounts = kinds.get(kind) ?? lru<Account>(mostAccounts)
    kinds.set(kind, accounts)
    const made = newAccount(now)
    accounts.set(name, made)
    return made
  }
  return {
    take(counted, rate, now) {
      const account = accountOf(counted) ?? madeFor(counted, now())
      const wait = waitOf(account, now())
      if (wait > 0) return wait
      age(account, rate, now())
      return use(account, rate) ? 0 : takeLater(records, counted, account, rate, now)
    },
    refused(counted, now) {
      const account = accountOf(counted)
      return account === undefined ? 0 : waitOf(account, now)
    },
    giveBack(counted) {
      const account = accountOf(counted)
      if (account !== undefined) account.balance += 1
    },
  }
}

function newAccount(now: number): Account {
  return {
    balance: 0,
    at: now,
    until: now,
    refusedUntil: 0,
    most: 0,
    batch: 1,
    asked: 0,
    ahead: 0,
    waiting: 0,
    asking: undefined,
  }
}

/** A refusal that seems to last for longer than any can is from before the clock was set back. */
function waitOf({ refusedUntil }: Account, now: number): number {
  const wait = refusedUntil - now
  return wait > 0 && wait <= furthestAhead ? wait : 0
}

/**
 * What is owed is forgotten in time, so slowly that it adds no more than the free share to the rate. Where the rate was
 * made smaller, nothing more is there, or owed, than can be by what it is now.
 */
function age(account: Account, rate: Rate, now: number): void {
  const { most, perSecond, free } = rate
  const { most: before } = account
  account.most = most
  if (most < before)
    account.balance = Math.min(account.balance, Math.max(largestOf(rate), account.waiting))
  account.balance = Math.max(-free, account.balance)
  if (account.balance > 0 && (now > account.until || now < account.until - batchSeconds))
    account.balance = 0
  if (account.balance < 0) {
    const forgotten = Math.max(0, now - account.at) * ((perSecond * free) / most)
    account.balance = Math.min(0, account.balance + forgotten)
  }
  account.at = now
}

function use(account: Account, { free }: Rate): boolean {
  if (account.balance - 1 < -free) return false
  account.balance -= 1
  return true
}

/** Asks the store, once for all who wait here. */
async function takeLater(
  records: Store,
  counted: Counted,
  account: Account,
  rate: Rate,
  now: Clock,
): Promise<number> {
  account.waiting += 1
  try {
    for (let i = 0; i < tries; i++) {
      account.asking ??= ask(records, counted.key(), account, rate, now).finally(() => {
        account.asking = undefined
      })
      await account.asking
      if (use(account, rate)) return 0
      const wait = waitOf(account, now())
      if (wait > 0) return wait
    }
    return 1
  } finally {
    account.waiting -= 1
  }
}

/** What is left of a quota, and when that was so. */
interface Left {
  readonly tokens: number
  readonly at: number
}

/** Takes a batch, or finds out when there is something again. */
function ask(records: Store, key: string, account: Account, rate: Rate, now: Clock): Promise<void> {
  const { most, perSecond } = rate
  return untilDecided('a rate', async () => {
    const stored = await records.get(key)
    const { tokens, at } = leftNow(stored, account, rate, now())
    if (tokens < 1) {
      account.refusedUntil = now() + Math.max(1, Math.ceil((1 - tokens) / perSecond))
      return
    }
    const taken = sizeOf(account, rate, tokens, now())
    const left: Left = { tokens: tokens - taken, at }
    const value = Buffer.from(JSON.stringify([left.tokens, left.at]))
    // As soon as all of it is there again a record says no more than none.
    const expiry = at + Math.ceil((most - left.tokens) / perSecond) + 60
    const outcome = await (stored === undefined
      ? records.insert(key, value, expiry)
      : records.replace(key, stored.version, value, expiry))
    if (outcome !== 'won') return lost
    account.balance += taken
    account.until = now() + batchSeconds
    account.refusedUntil = 0
  })
}

/** By the time of whoever is ahead: clocks that differ neither add anything nor hold anybody up. */
function leftNow(
  stored: Stored | undefined,
  account: Account,
  { most, perSecond }: Rate,
  now: number,
): Left {
  const [tokens, at] =
    stored === undefined ? [most, now] : (JSON.parse(stored.value.toString()) as [number, number])
  if (at - now > furthestAhead) return { tokens: most, at: now }
  account.ahead = Math.max(account.ahead, at - now)
  const time = now + account.ahead
  return { tokens: Math.min(most, tokens + Math.max(0, time - at) * perSecond), at: time }
}

/** The largest batch that is taken for what is to come: what one second brings, and an eighth of all there is. */
function largestOf({ most, perSecond }: Rate): number {
  return Math.max(1, Math.floor(Math.min(most / 8, perSecond)))
}

/** What is owed, and a batch: twice the last one where that was soon used, and never more than half of what is left unless it is waited for. */
function sizeOf(account: Account, rate: Rate, tokens: number, now: number): number {
  const owed = Math.max(0, -account.balance)
  account.batch = now - account.asked <= 1 ? Math.min(account.batch * 2, largestOf(rate)) : 1
  account.asked = now
  const beside = Math.max(0, tokens - owed)
  const batch = Math.max(account.waiting, Math.min(account.batch, Math.floor(beside / 2)), 1)
  return Math.min(Math.floor(tokens), Math.ceil(owed + batch))
}
