/**
 * session: that somebody is logged in: its record, the token that opens it, the cookie that carries that.
 * Knows nothing of clients or grants, nor how a user came to be known.
 */
import { event } from '../base/log.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import { storedIdentity } from '../realm/identity.ts'
import type { Realm } from '../realm/realm.ts'
import { lost, untilDecided } from '../store/update.ts'
import type { EndUser } from '../user/end-user.ts'
import { findEndUser } from '../user/end-user.ts'
import type { Family } from './family.ts'
import { endFamilies } from './family.ts'
import type { Place } from './session-list.ts'
import { listKey, nowhere } from './session-list.ts'
import type { Session, SessionRecord, Sessions } from './session-record.ts'
import { bytes, garbageFrom, parse, storeKey } from './session-record.ts'
import { claimedKey, keysOfSid, openToken, sidOf, tokenOf } from './session-token.ts'
import type { Beside } from './write-session.ts'
import { writeSession } from './write-session.ts'

export type { Session, Sessions } from './session-record.ts'

/** The root realm's sessions, seen from any realm: administrators are everywhere the same. */
export function rootSessions(realm: Sessions): Sessions {
  const { records, settings, handleKeys, now } = realm
  return { path: '/', active: true, identity: '/', records, settings, handleKeys, now }
}

/** What a session is to be beside whose it is; what is absent is as the realm says. */
export interface SessionTerms {
  readonly properties?: Session['properties'] | undefined
  /** Minutes that it lasts at most, and without use. */
  readonly max?: number | undefined
  readonly idle?: number | undefined
  /** Ways in which somebody proved who they are. */
  readonly methods?: readonly string[] | undefined
  /** By what its browser is let in again. */
  readonly families?: readonly Family[] | undefined
  /** What else is written at the same time, since it names the session: both can share a commit. */
  readonly beside?: Beside | undefined
}

/** Makes a session for a user who has just been authenticated by that journey, at that place. */
export async function createSession(
  realm: Realm,
  user: EndUser,
  journey: string,
  { device, address }: Place = nowhere,
  terms: SessionTerms = {},
): Promise<Session> {
  const now = realm.now()
  const record = {
    sub: user.sub,
    username: user.username,
    epoch: user.epoch,
    realm: realm.path,
    journey,
    methods: terms.methods ?? [],
    auth_time: now,
    created: now,
    last_access: now,
    max_by: now + (terms.max ?? realm.provider.sessionMaxTime) * 60,
    idle: (terms.idle ?? realm.provider.sessionIdleTime) * 60,
    properties: terms.properties ?? {},
    families: terms.families ?? [],
  }
  // The key is drawn, so that it is taken hardly ever; then another one is drawn.
  return untilDecided('a new session', async () => {
    const key = Buffer.allocUnsafe(16)
    key.writeUIntBE(record.max_by, 0, 6)
    realm.random(10).copy(key, 6)
    const named: SessionRecord = { sid: sidOf(realm, key), ...record }
    const won = await writeSession(realm, key, named, { device, address }, terms.beside)
    if (!won) return lost
    event('session.started', { realm: realm.path, sub: user.sub, sid: named.sid, journey })
    return { ...named, key, token: tokenOf(realm, key), version: 0 }
  })
}

/**
 * The live session of a token, else undefined: not one of this realm, over, or its user is no longer
 * active. A token this realm never made costs no read. Reading does not count as use.
 */
export function readSession(realm: Sessions, token: string): Ready<Session | undefined> {
  const key = openToken(realm, token)
  return key === undefined ? undefined : liveSession(realm, key, token)
}

/** The same by a key that is proven to lead to a session of this realm, or is compared with what is found. */
export function liveSession(
  realm: Sessions,
  key: Buffer,
  token: string,
): Ready<Session | undefined> {
  return whenReady(realm.records.get(storeKey(key)), (stored) => {
    if (stored === undefined) return undefined
    const session = parse(key, token, stored)
    const now = realm.now()
    if (now >= session.max_by || now >= session.last_access + session.idle) return undefined
    return whenReady(findEndUser(realm, session.sub), (user) => {
      if (user?.status !== 'Active' || user.epoch !== session.epoch) return undefined
      // The name of the login may be somebody else's by now.
      const { username } = user
      return username === session.username ? session : { ...session, username }
    })
  })
}

/** A live session, and the realm it belongs to. */
export interface FoundSession {
  readonly session: Session
  readonly home: Sessions
}

/**
 * The live session a token opens, whichever realm was asked (C-38); undefined also where its realm is not
 * active, in which nobody counts as logged in.
 */
export async function sessionOfToken(
  realm: Sessions,
  token: string,
): Promise<FoundSession | undefined> {
  const found = await sessionToEnd(realm, token)
  return found?.home.active ? found : undefined
}

/**
 * The same for who only ends it, which is possible in every realm. A token is proven with its realm, whose
 * path stands in the record: so the record is read first, and proves nothing by itself; a realm of that
 * path that was made later is another one (C-37).
 */
export async function sessionToEnd(
  realm: Sessions,
  token: string,
): Promise<FoundSession | undefined> {
  const key = claimedKey(token)
  const stored = key === undefined ? undefined : await realm.records.get(storeKey(key))
  if (stored === undefined) return undefined
  const { realm: path } = JSON.parse(stored.value.toString()) as SessionRecord
  const home = await sessionsAt(realm, path)
  const session = home && (await readSession(home, token))
  return home === undefined || session === undefined ? undefined : { session, home }
}

/** The sessions of the realm of a path, seen from any realm; undefined when there is no such realm. */
export async function sessionsAt(realm: Sessions, path: string): Promise<Sessions | undefined> {
  const its = await storedIdentity(realm.settings, path)
  return its === undefined ? undefined : { ...rootSessions(realm), path, ...its }
}

/**
 * Counts a use of a session: its idle time begins again. Written at most once a minute, or at half
 * of a shorter idle time; when another process writes at the same moment, that one serves.
 */
export function touchSession(realm: Sessions, session: Session): Ready<Session> {
  const last_access = realm.now()
  if (last_access - session.last_access < Math.min(60, session.idle / 2)) return session
  const used: Session = { ...session, last_access }
  const { key, version } = session
  const written = realm.records.replace(storeKey(key), version, bytes(used), garbageFrom(used))
  return written.then(() => used)
}

/**
 * Ends a session, and what would let its browser in again; false when it was over already. Its token is worthless from
 * here on. `by`: for the log, who asked for it where that is not the user's own browser.
 */
export async function endSession(realm: Sessions, session: Session, by?: string): Promise<boolean> {
  await endFamilies(realm, session.families ?? [])
  return replaceSession(realm, session, by)
}

/** Ends it for another one of its browser: that is let in as before. */
export async function replaceSession(
  realm: Sessions,
  session: Session,
  by?: string,
): Promise<boolean> {
  const { key, sub, sid } = session
  const [ended] = await Promise.all([
    realm.records.delete(storeKey(key)),
    realm.records.delete(listKey(realm, sub, key)),
  ])
  if (ended) event('session.ended', { realm: session.realm, sub, sid, by })
  return ended
}

/**
 * The session a public id names, for who holds a proof that names it (a signed ID token). The id is
 * the record's key as one block of AES: it leads back to the session without an index, opens nothing,
 * and shows neither time nor order.
 */
export async function sessionOfSid(realm: Sessions, sid: string): Promise<Session | undefined> {
  for (const key of keysOfSid(realm, sid)) {
    const stored = await realm.records.get(storeKey(key))
    if (stored === undefined) continue
    const session = parse(key, tokenOf(realm, key), stored)
    if (session.sid === sid && session.realm === realm.path) return session
  }
  return undefined
}
