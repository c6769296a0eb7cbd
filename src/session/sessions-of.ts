import type { FoundSession } from './session.ts'
import { liveSession, sessionsAt } from './session.ts'
import type { Place } from './session-list.ts'
import { keyListed, listFolder, listKey, nowhere } from './session-list.ts'
import type { Session, SessionRecord, Sessions } from './session-record.ts'
import { parse, storeKey } from './session-record.ts'
import { keysOfSid, tokenOf } from './session-token.ts'

/** A live session as lists tell of it: with a handle that names it and opens nothing. */
export interface ListedSession extends SessionRecord, Place {
  /** `shandle:…` (PingAM: managing-sessions-REST). */
  readonly handle: string
}

/** Most sessions of one list, and most entries that are looked at for it: the newest come first. */
const most = { listed: 100, looked: 1000 }

/** The live sessions of a user that began since lists of them are kept, the newest first. */
export async function sessionsOf(realm: Sessions, sub: string): Promise<readonly ListedSession[]> {
  const found: ListedSession[] = []
  let looked = 0
  let cursor: string | undefined
  do {
    const page = await realm.records.list(listFolder(realm, sub), most.listed, cursor)
    const listed = await Promise.all(page.keys.map((entry) => atEntry(realm, sub, entry)))
    found.push(...listed.filter((each) => each !== undefined))
    looked += page.keys.length
    cursor = page.cursor
  } while (cursor !== undefined && found.length < most.listed && looked < most.looked)
  return found.slice(0, most.listed)
}

async function atEntry(
  home: Sessions,
  sub: string,
  entry: string,
): Promise<ListedSession | undefined> {
  const key = keyListed(entry)
  const session = await liveSession(home, key, tokenOf(home, key))
  if (session?.sub !== sub || session.realm !== home.path) return undefined
  return listedSession({ session, home })
}

/** A session as lists tell of it: with the place it began at, and without its token. */
export async function listedSession({ session, home }: FoundSession): Promise<ListedSession> {
  const { key, token: _token, version: _version, ...record } = session
  const stored = await home.records.get(listKey(home, session.sub, key))
  const place = stored === undefined ? nowhere : (JSON.parse(stored.value.toString()) as Place)
  return { ...record, ...place, handle: handleOfSession(session) }
}

const prefix = 'shandle:'

/** Names a session to whoever may end it. */
export function handleOfSession({ sid }: Pick<Session, 'sid'>): string {
  return prefix + sid
}

/** The live session that a handle names, and its realm, whichever realm was asked. */
export async function sessionOfHandle(
  realm: Sessions,
  handle: string,
): Promise<FoundSession | undefined> {
  if (!handle.startsWith(prefix)) return undefined
  const sid = handle.slice(prefix.length)
  for (const key of keysOfSid(realm, sid)) {
    const stored = await realm.records.get(storeKey(key))
    if (stored === undefined) continue
    const home = await sessionsAt(realm, parse(key, '', stored).realm)
    const session = home && (await liveSession(home, key, tokenOf(home, key)))
    if (home !== undefined && session?.sid === sid) return { session, home }
  }
  return undefined
}
