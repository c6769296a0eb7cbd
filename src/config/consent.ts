import type { AllowedApplication } from '../authorization/applications.ts'
import { applicationOf, applicationsOf, takeBack } from '../authorization/applications.ts'
import { isoTime } from '../base/time.ts'
import type { Realm } from '../realm/realm.ts'
import { never } from '../store/store.ts'
import type { EndUser } from '../user/end-user.ts'
import { demanded } from './filter.ts'
import type { Item, Kind } from './kind.ts'
import { findUser, notByHand, notYours, userMissing } from './of-user.ts'
import { listWhole } from './query.ts'

/**
 * What users allowed applications, by `<sub>/<client_id>`, each URI-encoded: saved consents, and tokens
 * that may live. Listed by user: `username eq "…"`. To remove one is to withdraw it, with all its tokens.
 */
export const consentKind: Kind = {
  name: 'consent',
  schema: () => ({}),
  async list(realm, query) {
    const named = demanded(query.filter, 'username')
    if (named === undefined) return userMissing
    const user = await findUser(realm, named)
    const found = user === undefined ? [] : await applicationsOf(realm, user.sub)
    const items = new Map(
      found.map((each) => {
        const item = itemOf(user as EndUser, each)
        return [item.id, item]
      }),
    )
    const shown = ({ value }: Item) => ({ ...value, username: named })
    return listWhole(query, [...items.keys()], async (id) => items.get(id), shown)
  },
  async read(realm, id) {
    const found = await named(realm, id)
    const application = found && (await applicationOf(realm, found.user.sub, found.client_id))
    return found && application && itemOf(found.user, application)
  },
  show: (value) => value,
  save: async () => notByHand('a consent is given by the user alone'),

  async remove(realm, id, { by, sub, authority, condition }) {
    const found = await named(realm, id)
    const item = await consentKind.read(realm, id)
    const obstacle = condition.obstacle(item?.rev)
    if (obstacle !== undefined) return { outcome: obstacle }
    if (found === undefined || item === undefined) return { outcome: 'absent' }
    const { user, client_id } = found
    const own = user.sub === sub
    if (authority !== undefined && authority.administers === undefined && !own) return notYours
    const done = await takeBack(realm, user.sub, client_id, by)
    return done ? { outcome: 'removed', item } : { outcome: 'absent' }
  },
}

/** The id of what a user allows a client. */
export function consentId({ sub }: Pick<EndUser, 'sub'>, client_id: string): string {
  return `${sub}/${encodeURIComponent(client_id)}`
}

/** Whom and what an id names; the user may be named by name too. */
async function named(
  realm: Realm,
  id: string,
): Promise<{ readonly user: EndUser; readonly client_id: string } | undefined> {
  const [whom, what, ...more] = id.split('/').map(decoded)
  if (whom === undefined || what === undefined || more.length > 0) return undefined
  const user = await findUser(realm, whom)
  return user && { user, client_id: what }
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

function itemOf(user: EndUser, application: AllowedApplication): Item {
  const { client, scope, claims, since, until } = application
  const value = {
    username: user.username,
    clientId: client.client_id,
    scopes: scope,
    claims,
    since: isoTime(since),
    expiryDateTime: until === undefined || until >= never ? null : isoTime(until),
  }
  const rev = String(since + scope.length + claims.length)
  return { id: consentId(user, client.client_id), rev, value }
}
