import type { Realm } from '../realm/realm.ts'
import type { Stored } from '../store/store.ts'
import type { Family } from './family.ts'

/** What a session's record holds. Times are seconds. */
export interface SessionRecord {
  /** Public name of the session (OIDC Front-Channel Logout §3); opens nothing. */
  readonly sid: string
  readonly sub: string
  readonly username: string
  /** Where the user's counter stood (`user/epoch.ts`); once it is higher the session is over. */
  readonly epoch: number
  /** Path of the realm it belongs to. */
  readonly realm: string
  /** The journey that made it. */
  readonly journey: string
  /** How its user proved who they are, by the names journeys have for it; not stored while there is nothing. */
  readonly methods: readonly string[]
  readonly auth_time: number
  readonly created: number
  /** Written at most once a minute. */
  readonly last_access: number
  /** The second from which it is over however much it is used. */
  readonly max_by: number
  /** Seconds without use after which it is over. */
  readonly idle: number
  /** What clients keep with it, by names that the realm lists; not stored while there is nothing. */
  readonly properties: Readonly<Record<string, string>>
  /** By what its browser is let in again; absent: by nothing. */
  readonly families?: readonly Family[]
}

/** A login that lasts: what the session cookie stands for. */
export interface Session extends SessionRecord {
  /** Of the record: 6 bytes sweep time, 10 random. */
  readonly key: Buffer
  /** The cookie's value. Whoever has it is the user; it stands in no store and no log. */
  readonly token: string
  readonly version: number
}

/** What of a realm sessions are made of. */
export type Sessions = Pick<
  Realm,
  'path' | 'active' | 'identity' | 'records' | 'settings' | 'handleKeys' | 'now'
>

/** The letter tells sessions from other records that begin with a time. */
export function storeKey(key: Buffer): string {
  return `${key.toString('hex')}s`
}

export function garbageFrom(record: SessionRecord): number {
  return Math.min(record.max_by, record.last_access + record.idle)
}

export function bytes(record: SessionRecord): Buffer {
  const { sid, sub, username, epoch, realm, journey } = record
  const { auth_time, created, last_access, max_by, idle } = record
  const times = { auth_time, created, last_access, max_by, idle }
  const { properties, methods, families = [] } = record
  const kept = {
    ...(methods.length === 0 ? {} : { methods }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(families.length === 0 ? {} : { families }),
  }
  return Buffer.from(
    JSON.stringify({ sid, sub, username, epoch, realm, journey, ...times, ...kept }),
  )
}

export function parse(key: Buffer, token: string, stored: Stored): Session {
  const record = JSON.parse(stored.value.toString()) as SessionRecord
  // One from before there were counters, properties, or methods.
  const { epoch = 0, properties = {}, methods = [] } = record
  return { ...record, epoch, properties, methods, key, token, version: stored.version }
}
