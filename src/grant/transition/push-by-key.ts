import { delay } from '../../base/time.ts'
import { tellAbout } from '../../base/trace.ts'
import type { Client } from '../../client/client.ts'
import type { SingleUse } from '../../client/single-use.ts'
import { spentBefore } from '../../client/single-use.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Outcome, Stored } from '../../store/store.ts'
import { lost, untilDecided } from '../../store/update.ts'
import { newRecordKey, referenceOf, storeKey } from '../handle.ts'
import type { Entry, KeyedCall, Named } from './keyed-call.ts'
import { entryOf, namesOf, valueOf } from './keyed-call.ts'
import type { Admitted } from './lease.ts'
import type { Reference } from './push.ts'
import { admitPush, insertAdmitted } from './push.ts'

/** What a request is to be stored as, and what of it counts once. */
export interface ToPush {
  readonly request: AuthorizationRequest
  readonly object: SingleUse | undefined
}

interface Keyed {
  readonly realm: Realm
  readonly client: Client
  readonly assertion: SingleUse | undefined
  readonly validated: () => Promise<ToPush>
}

/** Seconds in which an entry without its push is another call that is under way. */
const underWay = 10

/**
 * The reference of a call that has a key: the same call has the same one for as long as the push may be opened, and is
 * pushed once, however often and wherever it arrives. What proves the client must be good each time; that
 * it was used before is no fault of the very call that used it.
 *
 * Two records, each written by itself: first the entry of the key, which says where the push will lie and
 * spends the assertion, then the push. Whoever finds an entry without its push finishes it. Nobody is told
 * of a push before its entry says that it is stored, so what is missing then has been finished and forgotten,
 * and is never made again.
 *
 * @throws OAuthError invalid_request (422) for another body; what `validate` throws; too_many_requests.
 */
export async function pushByKey(
  realm: Realm,
  client: Client,
  call: KeyedCall,
  validate: () => Promise<ToPush>,
  assertion: SingleUse | undefined,
): Promise<Reference> {
  let made: Promise<ToPush> | undefined
  const validated = (): Promise<ToPush> => {
    made ??= validate()
    return made
  }
  const keyed: Keyed = { realm, client, assertion, validated }
  const names = namesOf(realm, client, call)
  const entry = await untilDecided('an idempotency key', async () => {
    for (const name of names) {
      const stored = await realm.records.get(name.at)
      const known = stored === undefined ? undefined : entryOf(stored)
      if (known !== undefined && known.redeem_by > realm.now()) return again(keyed, name, known)
    }
    return begin(keyed, names[0])
  })
  const key = Buffer.from(entry.record, 'hex')
  tellAbout(key)
  return { request_uri: referenceOf(realm, key), expires_in: entry.redeem_by - realm.now() }
}

/** A call whose key is known: the same one again, or another one, which may be under way. */
async function again(keyed: Keyed, name: Named, entry: Entry): Promise<Entry> {
  if (entry.body !== name.body) {
    throw new OAuthError('invalid_request', 'Idempotency-Key was used for another request', {
      why: 'idempotency-key-reused',
      status: 422,
    })
  }
  // The very proof that was spent with the entry; another one has its own use to spend.
  if (entry.proof === name.proof) keyed.assertion?.take()
  return entry.stored ? entry : finish(keyed, name, entry, false)
}

/** Writes the entry, which spends the assertion, and then the push. */
async function begin(keyed: Keyed, name: Named): Promise<Entry | typeof lost> {
  const { realm, client, assertion, validated } = keyed
  const { request } = await validated()
  const redeem_by = realm.now() + realm.provider.parRequestUriLifetime
  const key = newRecordKey(realm, redeem_by)
  const record = key.toString('hex')
  // Before the entry is written: whoever has too much outstanding writes nothing by other keys either. An assertion is
  // spent all the same, and by the entry, so that the retry may bring it once more.
  const pushed = { request, key, by_value: false, redeem_by }
  const place = assertion === undefined ? await admitPush(realm, client, pushed) : undefined
  const entry: Entry = { body: name.body, proof: name.proof, record, redeem_by, stored: false }
  const { at } = name
  // One that is over and not gone yet.
  const before = await realm.records.get(at)
  let outcome: Outcome | undefined
  try {
    outcome = await (before === undefined
      ? realm.records.insert(at, valueOf(entry), redeem_by, assertion?.take())
      : replaceEnded(keyed, name, before, entry))
  } finally {
    if (outcome !== 'won') place?.withdraw()
  }
  if (outcome === 'won') return finish(keyed, name, entry, true, place)
  if (outcome === 'lost') return lost
  return usedBySame(keyed, name)
}

async function replaceEnded(
  { realm, assertion }: Keyed,
  { at }: Named,
  before: Stored,
  entry: Entry,
) {
  if (entryOf(before).redeem_by > realm.now()) return 'lost'
  const { redeem_by } = entry
  return realm.records.replace(at, before.version, valueOf(entry), redeem_by, assertion?.take())
}

/**
 * The assertion had been used. By this very call, where one like it is under way elsewhere: its entry is
 * there, or is in a moment where a store spends first and writes then.
 */
async function usedBySame(keyed: Keyed, name: Named): Promise<typeof lost> {
  for (const wait of [0, 50]) {
    if (wait > 0) await delay(wait)
    const stored = await keyed.realm.records.get(name.at)
    if (stored === undefined) continue
    const { body, proof } = entryOf(stored)
    if (body === name.body && proof === name.proof) return lost
  }
  throw spentBefore(keyed.assertion)
}

/** Stores the push of an entry, unless another call has, and says so in the entry. `own`: this call wrote it, and may have a place. */
async function finish(
  keyed: Keyed,
  name: Named,
  entry: Entry,
  own: boolean,
  place?: Admitted,
): Promise<Entry> {
  const { realm, client, validated } = keyed
  const { request, object } = await validated()
  const key = Buffer.from(entry.record, 'hex')
  const pushed = { request, key, by_value: false, redeem_by: entry.redeem_by }
  const outcome = await insertAdmitted(
    realm,
    place ?? (await admitPush(realm, client, pushed)),
    object,
  )
  if (outcome === 'spent' && (await realm.records.get(storeKey(key))) === undefined) {
    const began = entry.redeem_by - realm.provider.parRequestUriLifetime
    if (own || realm.now() - began >= underWay) throw spentBefore(object)
    throw new OAuthError('temporarily_unavailable', 'The same request is being answered', {
      why: 'idempotency-key-busy',
      status: 409,
      headers: { 'retry-after': '1' },
    })
  }
  return sayStored(realm, name, entry)
}

function sayStored(realm: Realm, { at }: Named, entry: Entry): Promise<Entry> {
  const done: Entry = { ...entry, stored: true }
  return untilDecided('an idempotency key', async () => {
    const stored = await realm.records.get(at)
    if (stored === undefined || entryOf(stored).record !== entry.record || entryOf(stored).stored)
      return done
    const { redeem_by } = entry
    const outcome = await realm.records.replace(at, stored.version, valueOf(done), redeem_by)
    return outcome === 'won' ? done : lost
  })
}
