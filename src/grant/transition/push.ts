import type { Ready } from '../../base/ready.ts'
import { tellStep } from '../../base/trace.ts'
import type { Client } from '../../client/client.ts'
import type { SingleUse } from '../../client/single-use.ts'
import { termsOf } from '../../client/terms.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Outcome, Store } from '../../store/store.ts'
import { encode } from '../codec.ts'
import { newRecordKey, type RecordKey, referenceOf, storeKey } from '../handle.ts'
import type { Pushed } from '../record.ts'
import { schema } from '../record.ts'
import type { Admitted, Outstanding } from './lease.ts'
import { admitByShare } from './share.ts'

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
  const redeem_by = realm.now() + expires_in
  const key = newRecordKey(realm, redeem_by)
  const validated = { request, key, by_value: false, redeem_by }
  const outcome = await insertPushed(realm, client, validated, singleUse)
  if (outcome === 'spent') return 'spent'
  if (outcome === 'lost') throw new Error('a new record key was taken')
  return { request_uri: referenceOf(realm, key), expires_in }
}

interface Validated {
  readonly request: AuthorizationRequest
  readonly key: RecordKey
  readonly by_value: boolean
  /** Seconds: until then any browser may open it. */
  readonly redeem_by: number
}

/**
 * Admits, stores, and gives the place back when nothing was stored. A client may have so many pushes and bytes
 * outstanding and no more, over all processes: each has a share of that, and a small one it need not ask for (P-17).
 */
export function insertPushed(
  realm: Realm,
  client: Client,
  validated: Validated,
  singleUse: SingleUse | undefined,
): Promise<Outcome> {
  const insert = (admitted: Admitted): Promise<Outcome> =>
    insertAdmitted(realm, admitted, singleUse)
  const admitted = admitPush(realm, client, validated)
  return admitted instanceof Promise ? admitted.then(insert) : insert(admitted)
}

/** @throws OAuthError too_many_requests when the client has too much outstanding. */
export function admitPush(
  realm: Realm,
  client: Client,
  { request, key, by_value, redeem_by }: Validated,
): Ready<Admitted> {
  const { client_id, incarnation } = client
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
  const outstanding = outstandingOf(realm, client_id)
  const coming = { redeem_by, bytes: encoded.length }
  outstanding.forget(realm.now())
  const admitted = { key, encoded, redeem_by, withdraw: () => outstanding.withdraw(coming) }
  if (outstanding.admit(coming, termsOf(realm, client))) return admitted
  return admitByShare(realm, client, outstanding, coming).then(() => admitted)
}

/** Stores it, and gives the place back when nothing was stored. */
export async function insertAdmitted(
  realm: Realm,
  { key, encoded, redeem_by, withdraw }: Admitted,
  singleUse: SingleUse | undefined,
): Promise<Outcome> {
  let outcome: Outcome | undefined
  try {
    // Taken last: what a refusal by admission left untaken is spent by itself.
    outcome = await realm.records.insert(storeKey(key), encoded, redeem_by, singleUse?.take())
  } finally {
    if (outcome !== 'won') withdraw()
  }
  if (outcome === 'won') tellStep(key, 'pushed', encoded.length)
  return outcome
}

/** Of what a client may have outstanding a process uses a 64th, and a thousand pushes at most, without a share. */
const freePart = 64
const mostFree = 1000

/** By realm path, then by client. */
const shelves = new WeakMap<Store, Map<string, Map<string, Outstanding>>>()

function outstandingOf(realm: Realm, client_id: string): Outstanding {
  const known = shelves.get(realm.records)?.get(realm.path)?.get(client_id)
  if (known !== undefined) return known
  const realms = shelves.get(realm.records) ?? new Map<string, Map<string, Outstanding>>()
  const clients = realms.get(realm.path) ?? new Map<string, Outstanding>()
  const outstanding = newOutstanding()
  shelves.set(realm.records, realms)
  realms.set(realm.path, clients)
  clients.set(client_id, outstanding)
  return outstanding
}

function newOutstanding(): Outstanding {
  const until = new Map<number, { count: number; bytes: number }>()
  const made: Outstanding = {
    count: 0,
    bytes: 0,
    share: undefined,
    forget: forgetting(until, (count, bytes) => {
      made.count -= count
      made.bytes -= bytes
    }),
    first: () => (until.size === 0 ? undefined : Math.min(...until.keys())),
    admit({ redeem_by, bytes }, limits) {
      const { share } = made
      const mine = share !== undefined && share.until >= redeem_by ? share : undefined
      const free = Math.min(Math.floor(limits.outstanding_pushes / freePart), mostFree)
      const most = Math.max(Math.floor(limits.outstanding_bytes / freePart), mine?.bytes ?? 0)
      if (made.count >= Math.max(free, mine?.count ?? 0) || made.bytes + bytes > most) return false
      change(made, until, redeem_by, 1, bytes)
      return true
    },
    withdraw({ redeem_by, bytes }) {
      // Its second may have passed meanwhile.
      if (until.has(redeem_by)) change(made, until, redeem_by, -1, -bytes)
    },
  }
  return made
}

function change(
  outstanding: Outstanding,
  until: Map<number, { count: number; bytes: number }>,
  second: number,
  count: number,
  bytes: number,
): void {
  const bucket = until.get(second)
  if (bucket === undefined) until.set(second, { count, bytes })
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
 * Looks at all seconds, once in each: their order is that of the pushes only as long as neither the lifetime was
 * lowered nor the clock set back. In its last second a push can be opened no more: it counts no more either, as
 * `Retry-After` promised. What would last longer than any push can is left from before the clock was set back.
 */
function forgetting(
  until: Map<number, { count: number; bytes: number }>,
  over: (count: number, bytes: number) => void,
): (now: number) => void {
  let looked = 0
  return (now) => {
    if (looked === now) return
    looked = now
    for (const [second, { count, bytes }] of until) {
      if (second > now && second <= now + longestLifetime) continue
      over(count, bytes)
      until.delete(second)
    }
  }
}
