import type { Client } from '../../client/client.ts'
import { termsOf } from '../../client/terms.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Coming, Lease, Outstanding } from './lease.ts'
import { leasesOf, renewed, take } from './lease.ts'
import { keepRenewed } from './renew.ts'

/** Asked so often before a push is refused: others took what was asked for. */
const tries = 3

/**
 * Counts a push in for which this process needs a share of what the client may have, or a larger one.
 *
 * @throws OAuthError too_many_requests when there is no more; StoreUnavailable when that cannot be found out.
 */
export async function admitByShare(
  realm: Realm,
  client: Client,
  outstanding: Outstanding,
  coming: Coming,
): Promise<void> {
  const lease = leaseOf(realm, client, outstanding)
  const { waiting } = lease
  waiting.count += 1
  waiting.bytes += coming.bytes
  try {
    for (let i = 0; i < tries && lease.refused !== realm.now(); i++) {
      lease.asking ??= ask(lease, coming.redeem_by)
      await lease.asking
      outstanding.forget(realm.now())
      if (outstanding.admit(coming, termsOf(realm, client))) return
    }
  } finally {
    waiting.count -= 1
    waiting.bytes -= coming.bytes
  }
  throw tooMany(lease, coming)
}

function tooMany({ realm, outstanding, soonest }: Lease, { redeem_by }: Coming): OAuthError {
  const over = [outstanding.first(), soonest].filter((second) => second !== undefined)
  // Where others hold everything and do not say until when, it is worth while to ask soon.
  const wait = over.length === 0 ? 1 : Math.min(redeem_by, ...over) - realm.now()
  return new OAuthError('too_many_requests', 'Too many outstanding pushed requests', {
    why: 'pushes-outstanding',
    headers: { 'retry-after': String(Math.max(1, wait)) },
  })
}

function leaseOf(realm: Realm, client: Client, outstanding: Outstanding): Lease {
  const kept = leasesOf(realm.records)
  kept.made ??= { holder: realm.random(9).toString('base64url'), of: new Map(), renewing: false }
  const known = kept.made.of.get(outstanding)
  // By the settings of now.
  if (known !== undefined) return Object.assign(known, { realm, client })
  const made: Lease = {
    ...{ realm, client, outstanding },
    waiting: { count: 0, bytes: 0 },
    asking: undefined,
    refused: -1,
    soonest: undefined,
  }
  kept.made.of.set(outstanding, made)
  if (!kept.made.renewing) void keepRenewed(kept.made)
  return made
}

/** Asks for what is needed, all who wait here together. */
async function ask(lease: Lease, redeem_by: number): Promise<void> {
  const { outstanding, realm, waiting } = lease
  const before = outstanding.share
  try {
    const until = Math.max(redeem_by, realm.now() + realm.provider.parRequestUriLifetime) + renewed
    const got = await take(lease, { ...waiting }, until, redeem_by)
    outstanding.share = got.share.count > 0 ? got.share : undefined
    lease.soonest = got.soonest
    const more =
      before === undefined || got.share.count > before.count || got.share.bytes > before.bytes
    const longer = before !== undefined && before.until < redeem_by
    if (!more && !longer) lease.refused = realm.now()
  } finally {
    lease.asking = undefined
  }
}
