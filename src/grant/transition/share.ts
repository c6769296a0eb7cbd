import type { Client } from '../../client/client.ts'
import { termsOf } from '../../client/terms.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Coming, Holding, Outstanding } from './holding.ts'
import { holdingsOf, renewed, take } from './holding.ts'
import { keepTended } from './tend.ts'

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
  const holding = holdingOf(realm, client, outstanding)
  const { waiting } = holding
  waiting.count += 1
  waiting.bytes += coming.bytes
  try {
    for (let i = 0; i < tries && holding.refused !== realm.now(); i++) {
      holding.asking ??= ask(holding, coming.redeem_by)
      await holding.asking
      outstanding.forget(realm.now())
      if (outstanding.admit(coming, termsOf(realm, client))) return
    }
  } finally {
    waiting.count -= 1
    waiting.bytes -= coming.bytes
  }
  throw tooMany(holding, coming)
}

function tooMany({ realm, outstanding, soonest }: Holding, { redeem_by }: Coming): OAuthError {
  const over = [outstanding.first(), soonest].filter((second) => second !== undefined)
  // Where others hold everything and do not say until when, it is worth while to ask soon.
  const wait = over.length === 0 ? 1 : Math.min(redeem_by, ...over) - realm.now()
  return new OAuthError('too_many_requests', 'Too many outstanding pushed requests', {
    why: 'pushes-outstanding',
    headers: { 'retry-after': String(Math.max(1, wait)) },
  })
}

function holdingOf(realm: Realm, client: Client, outstanding: Outstanding): Holding {
  const kept = holdingsOf(realm.records)
  kept.made ??= { holder: realm.random(9).toString('base64url'), of: new Map(), tending: false }
  const known = kept.made.of.get(outstanding)
  // By the settings of now.
  if (known !== undefined) return Object.assign(known, { realm, client })
  const made: Holding = {
    ...{ realm, client, outstanding },
    waiting: { count: 0, bytes: 0 },
    asking: undefined,
    refused: -1,
    soonest: undefined,
  }
  kept.made.of.set(outstanding, made)
  if (!kept.made.tending) void keepTended(kept.made)
  return made
}

/** Asks for what is needed, all who wait here together. */
async function ask(holding: Holding, redeem_by: number): Promise<void> {
  const { outstanding, realm, waiting } = holding
  const before = outstanding.share
  try {
    const until = Math.max(redeem_by, realm.now() + realm.provider.parRequestUriLifetime) + renewed
    const got = await take(holding, { ...waiting }, until, redeem_by)
    outstanding.share = got.share.count > 0 ? got.share : undefined
    holding.soonest = got.soonest
    const more =
      before === undefined || got.share.count > before.count || got.share.bytes > before.bytes
    const longer = before !== undefined && before.until < redeem_by
    if (!more && !longer) holding.refused = realm.now()
  } finally {
    holding.asking = undefined
  }
}
