import type { Json } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Stored } from '../../store/store.ts'
import type { Inputs } from '../callback/callback.ts'
import { admitJourney } from './admission.ts'
import type { Taken } from './give-back.ts'
import type { Progress, ProgressRecord, Reference } from './record.ts'
import { bytes, digestOf, isAbandoned, keptUntil, keyOf, parse } from './record.ts'
import type { Won } from './take.ts'
import { take, untilFree } from './take.ts'

/** What became of an attempt to answer a step. */
export type Claimed =
  | Won
  /** The same answers have been given before, and led here. */
  | { readonly kind: 'again'; readonly progress: Progress; readonly step: number }
  | { readonly kind: 'ended'; readonly ended: Json }
  /** It was answered otherwise, is over, or was never there. */
  | { readonly kind: 'over' }
  /** The same answers are being worked on, and take long. */
  | { readonly kind: 'busy' }

/** Bytes of a journey under way: strangers begin them. */
const mostBytes = 131_072

/** Seconds for which the end of a journey can be told once more. */
const toldFor = 60

/** A new reference. Its id begins with the second in which it may be swept. */
export function newReference(realm: Realm, progress: Progress): Reference {
  const id = Buffer.alloc(16)
  id.writeUIntBE(progress.until, 0, 6)
  realm.random(10).copy(id, 6)
  return { id, step: 0, initial: progress }
}

/**
 * Takes a step for whoever comes with these answers first: of two, of a hundred at once, one goes on. Whoever comes
 * with the same answers once more is told what they led to, so that a lost answer loses nobody's work.
 *
 * @throws OAuthError too_many_requests where too many are kept already for where it comes from (`peer`).
 */
export async function claim(
  realm: Realm,
  from: Reference,
  inputs: Inputs,
  peer: string,
): Promise<Claimed> {
  const digest = digestOf(realm, from, inputs)
  return untilFree(() => tryClaim(realm, from, digest, peer))
}

async function tryClaim(
  realm: Realm,
  { id, step, initial }: Reference,
  digest: string,
  peer: string,
): Promise<Claimed | 'wait'> {
  const stored = await realm.records.get(keyOf(id))
  if (stored === undefined) {
    if (initial === undefined || realm.now() >= initial.until) return { kind: 'over' }
    const notKept = await admitJourney(realm, peer)
    const before = { step: 0, progress: initial }
    const taken = await take(realm, { id, step: 0, before, from: undefined }, digest)
    if (taken === 'wait') notKept()
    return taken
  }
  const record = parse(stored.value)
  const { progress } = record
  const same = record.answered === digest && record.step === step + 1
  if (same && record.ended !== undefined) return { kind: 'ended', ended: record.ended }
  if (progress === undefined || realm.now() >= progress.until) return { kind: 'over' }
  if (same) return { kind: 'again', progress, step: record.step }
  if (record.step !== step || progress.position.suspended) return { kind: 'over' }
  if (record.claim !== undefined)
    return record.claim === digest && !isAbandoned(realm, record) ? 'wait' : { kind: 'over' }
  const before = { ...record, progress }
  return take(realm, { id, step, before, from: stored.version }, digest)
}

/** Where a journey stands for whoever has this reference; undefined once it was answered, or is over. */
export async function standing(
  realm: Realm,
  { id, step, initial }: Reference,
): Promise<Progress | undefined> {
  const stored = await realm.records.get(keyOf(id))
  if (stored === undefined) return initial
  const record = parse(stored.value)
  const free = record.step === step && record.claim === undefined
  return free && realm.now() < (record.progress?.until ?? 0) ? record.progress : undefined
}

/**
 * Keeps where a journey stands now, under the reference that is handed out next. Undefined: it was taken away meanwhile, or
 * is more than is kept.
 */
export async function keep(
  realm: Realm,
  from: Reference & Partial<Pick<Taken, 'by'>>,
  progress: Progress,
  inputs?: Inputs,
): Promise<Reference | undefined> {
  const step = from.step + 1
  // Without answers it was resumed.
  const how = inputs === undefined ? { resumed: true } : { answered: digestOf(realm, from, inputs) }
  const by = from.by === undefined ? {} : { by: from.by }
  const record = { step, progress, ...how, ...by }
  const { length } = bytes(record)
  if (length > mostBytes) {
    event('journey.too_large', { realm: realm.path, journey: progress.journey, length }, 'warn')
    await write(realm, from.id, { step }, realm.now() + toldFor)
    return undefined
  }
  const won = await write(realm, from.id, record, progress.until)
  return won ? { id: from.id, step } : undefined
}

/** Keeps the first step of a journey, where it is too large to travel in what is handed out. */
export async function keepFirst(
  realm: Realm,
  from: Reference,
  progress: Progress,
  peer: string,
): Promise<Reference> {
  await admitJourney(realm, peer)
  const until = keptUntil(from.id, progress.until)
  await realm.records.insert(keyOf(from.id), bytes({ step: 0, progress }), until)
  return { id: from.id, step: 0 }
}

/**
 * Keeps for a moment what became of a journey, for whoever sends the same answers again. `at`: what `look` has found, where
 * that has been asked before.
 */
export async function end(
  realm: Realm,
  taken: Taken,
  inputs: Inputs,
  ended: Json,
  at?: Looked,
): Promise<void> {
  const { id, step, by } = taken
  const record = { step: step + 1, answered: digestOf(realm, taken, inputs), ended, by }
  await write(realm, id, record, realm.now() + toldFor, at)
}

/** Nothing can go on from a claimed step any more: who answers it once more is told so at once. */
export async function close(realm: Realm, { id, step, by }: Taken, at?: Looked): Promise<void> {
  await write(realm, id, { step: step + 1, by }, realm.now() + toldFor, at)
}

/** What a claimed step is written in the place of; undefined: nothing is there any more. */
export type Looked = Pick<Stored, 'version'> | undefined

export function look(realm: Realm, { id }: Pick<Reference, 'id'>): Ready<Looked> {
  return realm.records.get(keyOf(id))
}

/** Only whoever has claimed a step writes, so that what is there is what was claimed. */
async function write(
  realm: Realm,
  id: Buffer,
  record: ProgressRecord,
  expiry: number,
  at?: Looked,
): Promise<boolean> {
  const key = keyOf(id)
  const stored = at ?? (await look(realm, { id }))
  if (stored === undefined) return false
  const until = keptUntil(id, expiry)
  return (await realm.records.replace(key, stored.version, bytes(record), until)) === 'won'
}
