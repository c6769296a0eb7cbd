import { tellStep } from '../../base/trace.ts'
import type { Client } from '../../client/client.ts'
import type { SingleUse } from '../../client/single-use.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Outcome, Store } from '../../store/store.ts'
import { encode } from '../codec.ts'
import type { RecordKey } from '../handle.ts'
import { newRecordKey, referenceOf, storeKey } from '../handle.ts'
import type { Pushed } from '../record.ts'
import { schema } from '../record.ts'

/** What a push is answered with (RFC 9126 §2.2). */
export interface Reference {
  readonly request_uri: string
  /** Seconds. */
  readonly expires_in: number
}

/**
 * Stores a validated request and gives its reference. Settles when the record is durable. `spent`
 * when the single use (the assertion's `jti`) had been used before; then nothing is stored.
 *
 * @throws OAuthError too_many_requests when the client has too much outstanding.
 */
export async function push(
  realm: Realm,
  client: Client,
  request: AuthorizationRequest,
  singleUse?: SingleUse,
): Promise<Reference | 'spent'> {
  const expires_in = realm.provider.parRequestUriLifetime
  const key = newRecordKey(realm, realm.now() + expires_in)
  const outcome = await insertPushed(realm, client, { request, key, by_value: false }, singleUse)
  if (outcome === 'spent') return 'spent'
  if (outcome === 'lost') throw new Error('a new record key was taken')
  return { request_uri: referenceOf(realm, key), expires_in }
}

interface Validated {
  readonly request: AuthorizationRequest
  readonly key: RecordKey
  readonly by_value: boolean
}

/** Admits, stores, and gives the place back when nothing was stored. */
export async function insertPushed(
  realm: Realm,
  client: Client,
  { request, key, by_value }: Validated,
  singleUse: SingleUse | undefined,
): Promise<Outcome> {
  const { client_id, incarnation } = client
  const redeem_by = realm.now() + realm.provider.parRequestUriLifetime
  const record: Pushed = {
    v: schema,
    state: 'pushed',
    client_id,
    incarnation,
    issuer: realm.issuer,
    validatedUnder: [realm.version, client.version],
    redirect_uri: request.redirect_uri,
    request,
    redeem_by,
    by_value,
  }
  const encoded = encode(record)
  const bytes = encoded.length
  admitPush(realm, client_id, redeem_by, bytes)
  let outcome: Outcome | undefined
  try {
    // Taken last: what a refusal by admission left untaken is spent by itself.
    outcome = await realm.records.insert(storeKey(key), encoded, redeem_by, singleUse?.take())
  } finally {
    if (outcome !== 'won') releasePush(realm, client_id, redeem_by, bytes)
  }
  if (outcome === 'won') tellStep(key, 'pushed', bytes)
  return outcome
}

/** Pushes of one client that may still be opened, by the second until which. */
interface Outstanding {
  count: number
  bytes: number
  /** The second in which what has run out was looked for. */
  looked: number
  readonly until: Map<number, { count: number; bytes: number }>
}

/** By realm path, then by client. */
const shelves = new WeakMap<Store, Map<string, Map<string, Outstanding>>>()

/**
 * Counts a push in, or refuses it: a client may have so many pushes and bytes outstanding and no
 * more (429 with `Retry-After`). Counted per process, in memory: the bound protects this process's
 * disk and caches, and a restart forgives.
 */
function admitPush(realm: Realm, client_id: string, redeem_by: number, bytes: number): void {
  const outstanding = outstandingOf(realm, client_id)
  forgetUntil(outstanding, realm.now())
  const { parOutstandingPushes, parOutstandingBytes } = realm.provider
  if (
    outstanding.count >= parOutstandingPushes ||
    outstanding.bytes + bytes > parOutstandingBytes
  ) {
    const soonest = Math.min(redeem_by, ...outstanding.until.keys())
    throw new OAuthError('too_many_requests', 'Too many outstanding pushed requests', {
      why: 'pushes-outstanding',
      headers: { 'retry-after': String(Math.max(1, soonest - realm.now())) },
    })
  }
  change(outstanding, redeem_by, 1, bytes)
}

/** Counts a push out again that could not be stored. */
function releasePush(realm: Realm, client_id: string, redeem_by: number, bytes: number): void {
  const outstanding = outstandingOf(realm, client_id)
  if (outstanding.until.has(redeem_by)) change(outstanding, redeem_by, -1, -bytes)
}

function outstandingOf(realm: Realm, client_id: string): Outstanding {
  const known = shelves.get(realm.records)?.get(realm.path)?.get(client_id)
  if (known !== undefined) return known
  const realms = shelves.get(realm.records) ?? new Map<string, Map<string, Outstanding>>()
  const clients = realms.get(realm.path) ?? new Map<string, Outstanding>()
  const outstanding: Outstanding = { count: 0, bytes: 0, looked: 0, until: new Map() }
  shelves.set(realm.records, realms)
  realms.set(realm.path, clients)
  clients.set(client_id, outstanding)
  return outstanding
}

function change(outstanding: Outstanding, second: number, count: number, bytes: number): void {
  const bucket = outstanding.until.get(second)
  if (bucket === undefined) outstanding.until.set(second, { count, bytes })
  else {
    bucket.count += count
    bucket.bytes += bytes
  }
  outstanding.count += count
  outstanding.bytes += bytes
}

/** C-8: no push can be opened longer than this after it was made. */
const longestLifetime = 599

/**
 * Looks at all seconds, once in each: their order is that of the pushes only as long as neither the
 * lifetime was lowered nor the clock set back. In its last second a push can be opened no more: it
 * counts no more either, as `Retry-After` promised. What would last longer than any push can is left
 * from before the clock was set back.
 */
function forgetUntil(outstanding: Outstanding, now: number): void {
  if (outstanding.looked === now) return
  outstanding.looked = now
  for (const [second, bucket] of outstanding.until) {
    if (second > now && second <= now + longestLifetime) continue
    outstanding.count -= bucket.count
    outstanding.bytes -= bucket.bytes
    outstanding.until.delete(second)
  }
}
