import { memo } from '../../base/memo.ts'
import type { Client } from '../../client/client.ts'
import type { Terms } from '../../client/terms.ts'
import { termsOf } from '../../client/terms.ts'
import { quotaKey } from '../../realm/quota.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Amount, Got, Share } from '../../store/quota/share.ts'
import { takeShare } from '../../store/quota/share.ts'
import type { Store } from '../../store/store.ts'
import type { RecordKey } from '../handle.ts'

/** A push that is to be counted in. */
export interface Coming {
  readonly redeem_by: number
  readonly bytes: number
}

/** A push that has its place among those that are outstanding. */
export interface Admitted {
  readonly key: RecordKey
  readonly encoded: Buffer
  readonly redeem_by: number
  /** Gives the place back. */
  readonly withdraw: () => void
}

/** Pushes of one client that may still be opened, as this process counts them. */
export interface Outstanding {
  count: number
  bytes: number
  /** What this process may have of what the client may; undefined as long as so little is there that it needs none. */
  share: Share | undefined
  /** Counts out what is over. */
  forget(now: number): void
  /** When the first of them is over; undefined if there is none. */
  first(): number | undefined
  /** Counts one in if it fits into what this process may have. */
  admit(coming: Coming, limits: Pick<Terms, 'outstanding_pushes' | 'outstanding_bytes'>): boolean
  /** Counts it out again. */
  withdraw(coming: Coming): void
}

/** What a process has of one client's quota, beside what counts it. */
export interface Lease {
  realm: Realm
  client: Client
  readonly outstanding: Outstanding
  /** What waits to be counted in. */
  readonly waiting: { count: number; bytes: number }
  asking: Promise<void> | undefined
  /** The second in which nothing more was to be had, and when others will have something to give back. */
  refused: number
  soonest: number | undefined
}

/** What a process holds of a store's quotas. */
export interface Leases {
  readonly holder: string
  readonly of: Map<Outstanding, Lease>
  renewing: boolean
}

/** What this process holds in a store; nothing as long as it has asked for nothing. */
export const leasesOf = memo<Store, { made?: Leases }>(() => ({}))

/** Seconds for which a share goes on beyond the longest push counted to it. */
export const renewed = 30

const nothing: Amount = { count: 0, bytes: 0 }

/**
 * Takes, enlarges or renews: what the client has outstanding here, `more` beside it, and a little ahead. Pushes
 * go on meanwhile, up to the share there is; so nothing of that is given back.
 */
export function take(lease: Lease, more: Amount, until: number, least: number): Promise<Got> {
  const { realm, client, outstanding } = lease
  const { share = nothing } = outstanding
  const { outstanding_pushes, outstanding_bytes } = termsOf(realm, client)
  return takeShare(realm.records, quotaKey(realm, 'outstanding', client.client_id), {
    holder: leasesOf(realm.records).made?.holder ?? '',
    quota: { count: outstanding_pushes, bytes: outstanding_bytes },
    used: { count: outstanding.count, bytes: outstanding.bytes },
    more,
    keep: { count: share.count, bytes: share.bytes },
    until,
    least,
    first: outstanding.first() ?? 0,
    now: realm.now(),
  })
}
