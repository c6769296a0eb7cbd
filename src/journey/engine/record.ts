import { createHmac } from 'node:crypto'
import { base64url } from '../../base/bytes.ts'
import type { Json } from '../../base/json.ts'
import type { Realm } from '../../realm/realm.ts'
import { keyTime } from '../../store/store.ts'
import type { Inputs } from '../callback/callback.ts'
import type { Position } from './position.ts'

/** A journey that somebody has begun. */
export interface Progress {
  /** The journey, and how it was asked for, which each step says again (PingAM: `authIndexType`, `authIndexValue`). */
  readonly journey: string
  readonly index?: readonly [type: string, value: string]
  /** What the browser must present beside it: a form's pre-login cookie; empty for JSON clients. */
  readonly bound: string
  /** The second in which it is over. */
  readonly until: number
  readonly targetLevel?: number | undefined
  readonly position: Position
}

/** What the records shelf holds of it. */
export interface ProgressRecord {
  /** How often it was answered. */
  readonly step: number
  /** Absent once it has ended. */
  readonly progress?: Progress
  /** Digest of the answers that are being worked on. */
  readonly claim?: string
  /** The second since which they are. */
  readonly since?: number
  /** Which attempt works on them, or has gone on by them. */
  readonly by?: string
  /** Digest of the answers that led here. */
  readonly answered?: string
  /** It was suspended, and resumed: that led here. */
  readonly resumed?: boolean
  /** What became of it, as whoever told it the first time wants to tell it again. */
  readonly ended?: Json
}

/** Names a journey that somebody has begun, and how often it had been answered when this was handed out. */
export interface Reference {
  readonly id: Buffer
  readonly step: number
  /** All of it, where nothing was stored yet: nobody has answered so far. */
  readonly initial?: Progress | undefined
}

/** Seconds for which whoever sends the answers of a claim again is told to wait for what comes of them. */
export const workedOnFor = 60

/**
 * Whether whoever has claimed a step is gone with it: a process that was killed, a store that failed. What its nodes had
 * done by then nobody knows, so it is never taken once more.
 */
export function isAbandoned({ now }: Pick<Realm, 'now'>, { since }: ProgressRecord): boolean {
  return since !== undefined && now() >= since + workedOnFor
}

/** What a record says of whoever works on it from now on. */
export function newClaim(
  { now, random }: Pick<Realm, 'now' | 'random'>,
  claim: string,
): Required<Pick<ProgressRecord, 'claim' | 'since' | 'by'>> {
  return { claim, since: now(), by: base64url(random(12)) }
}

/** The second until which the first step can be answered: an id begins with it. */
export function beginsUntil(id: Buffer): number {
  return id.readUIntBE(0, 6)
}

/**
 * A record stays at least as long as the first step can be answered: that one may carry all that is needed to begin, and
 * only the record says that somebody has.
 */
export function keptUntil(id: Buffer, expiry: number): number {
  return Math.max(expiry, beginsUntil(id))
}

/** The letter tells journeys from other records that begin with a time. */
export function keyOf(id: Buffer): string {
  return `${keyTime(beginsUntil(id))}${id.toString('hex', 6)}j`
}

/** Of which step which answers are; passwords are among them, so it is made with a secret. */
export function digestOf(realm: Realm, { id, step }: Reference, inputs: Inputs): string {
  const text = JSON.stringify([...inputs].sort(([a], [b]) => (a < b ? -1 : 1)))
  return createHmac('sha256', realm.secret('auth-id'))
    .update(`${id.toString('hex')} ${step} ${text}`)
    .digest('base64url')
}

export function bytes(record: ProgressRecord): Buffer {
  return Buffer.from(JSON.stringify(record))
}

export function parse(value: Buffer): ProgressRecord {
  return JSON.parse(value.toString()) as ProgressRecord
}
