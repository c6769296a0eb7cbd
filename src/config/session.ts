import type { JsonObject } from '../base/json.ts'
import { event } from '../base/log.ts'
import { isoTime } from '../base/time.ts'
import type { Realm } from '../realm/realm.ts'
import { isWithin } from '../realm/tree.ts'
import type { FoundSession, Session } from '../session/session.ts'
import { endSession, sessionsAt } from '../session/session.ts'
import type { ListedSession } from '../session/sessions-of.ts'
import { listedSession, sessionOfHandle, sessionsOf } from '../session/sessions-of.ts'
import { endSessionsOf } from '../user/epoch.ts'
import { isTheirOwn } from './authority.ts'
import { demanded } from './filter.ts'
import type { Item, Kind } from './kind.ts'
import { findUser, notByHand, notYours, userMissing } from './of-user.ts'
import { listWhole } from './query.ts'

/**
 * Live sessions of a realm and those below it, by their handles (PingAM: managing-sessions-REST). Listed by
 * user: `username eq "…"`, and `realm eq "…"` where it is a realm below.
 */
export const sessionKind: Kind = {
  name: 'session',
  schema: () => ({}),
  async list(realm, query) {
    const named = demanded(query.filter, 'username')
    if (named === undefined) return userMissing
    const path = demanded(query.filter, 'realm') ?? realm.path
    const home = isWithin(path, realm.path) ? await sessionsAt(realm, path) : undefined
    const user = home && (await findUser(home, named))
    const found = home && user ? await sessionsOf(home, user.sub) : []
    const items = new Map(found.map((each) => [each.handle, itemOf(each)]))
    // The name may have been the `sub`: what the filter compares it with is what it names.
    const shown = ({ value }: Item): JsonObject => ({ ...value, username: named })
    return listWhole(query, [...items.keys()].sort(), async (id) => items.get(id), shown)
  },
  async read(realm, id) {
    const found = await sessionWithin(realm, id)
    return found && itemOf(await listedSession(found))
  },
  show: (value) => value,
  save: async () => notByHand('sessions are begun by logging in'),

  async remove(realm, id, change) {
    const { by, authority, condition } = change
    const found = await sessionWithin(realm, id)
    const item = found && itemOf(await listedSession(found))
    const obstacle = condition.obstacle(item?.rev)
    if (obstacle !== undefined) return { outcome: obstacle }
    if (found === undefined || item === undefined) return { outcome: 'absent' }
    const own = isTheirOwn(change, realm, found.session)
    if (authority !== undefined && authority.administers === undefined && !own) return notYours
    const ended = await endSession(found.home, found.session, by)
    return ended ? { outcome: 'removed', item } : { outcome: 'absent' }
  },
}

/** Ends all sessions of a user by one write, whoever began them; false when there is no such user. */
export async function endSessionsOfUser(realm: Realm, named: string, by: string): Promise<boolean> {
  const user = await findUser(realm, named)
  if (user === undefined || !(await endSessionsOf(realm, user.sub))) return false
  event('sessions.ended', { realm: realm.path, sub: user.sub, by })
  return true
}

async function sessionWithin(realm: Realm, handle: string): Promise<FoundSession | undefined> {
  const found = await sessionOfHandle(realm, handle)
  return found && isWithin(found.home.path, realm.path) ? found : undefined
}

function itemOf(listed: ListedSession): Item {
  const { handle, device, address, last_access, created } = listed
  const value = {
    ...sessionInfo(listed),
    sessionHandle: handle,
    device,
    address,
    creationTime: isoTime(created),
  }
  return { id: handle, rev: String(last_access), value }
}

/** What AM tells of a session, whoever asks. */
export function sessionInfo(session: Omit<Session, 'key' | 'token' | 'version'>): JsonObject {
  return {
    username: session.username,
    universalId: universalId(session),
    realm: session.realm,
    latestAccessTime: isoTime(session.last_access),
    maxIdleExpirationTime: isoTime(session.last_access + session.idle),
    maxSessionExpirationTime: isoTime(session.max_by),
  }
}

/** AM's directory name of a user: by the id tokens carry as `sub`. */
export function universalId({ sub, realm }: Pick<Session, 'sub' | 'realm'>): string {
  const organisation = organisationOf(realm)
  return `id=${sub},ou=user,${organisation}${organisation === '' ? '' : 'ou=services,'}ou=am-config`
}

/** The part of a directory name that says which realm; nothing for the root. */
export function organisationOf(realm: string): string {
  return realm
    .split('/')
    .filter((name) => name !== '')
    .toReversed()
    .map((name) => `o=${name},`)
    .join('')
}
