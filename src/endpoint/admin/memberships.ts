import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { member } from '../../base/json.ts'
import { groupKind } from '../../config/group.ts'
import type { Change } from '../../config/kind.ts'
import { anyState } from '../../config/kind.ts'
import { findUser } from '../../config/of-user.ts'
import { userKind } from '../../config/user.ts'
import { readQuery } from '../../protocol/parameter.ts'
import { problemLine } from '../../protocol/problem.ts'
import type { Realm } from '../../realm/realm.ts'
import type { EndUser } from '../../user/end-user.ts'
import { groupsOf } from '../../user/group.ts'
import { crestError, invalidValues } from '../serve/crest.ts'
import { crestList } from '../serve/crest-query.ts'
import { readJsonDocument } from '../serve/json-body.ts'
import { asAdministrator, asOwnerOrAdministrator } from './administrator.ts'
import { listThose } from './collection/list-those.ts'
import { groupView } from './group-view.ts'
import { userVersions } from './user-view.ts'

/** What stands at `users/<id>/groups`: the groups an account is in, which its user may read. */
export async function groupsOfUser(
  realm: Realm,
  http: HttpRequest,
  id: string,
): Promise<HttpResponse> {
  if (http.method !== 'GET')
    return asAdministrator(
      realm,
      http,
      (change) => setGroups(realm, http, id, change),
      userVersions,
    )
  const sub = (await findUser(realm, id))?.sub ?? ''
  return asOwnerOrAdministrator(realm, http, sub, () => listGroups(realm, http, id), userVersions)
}

async function listGroups(realm: Realm, http: HttpRequest, id: string): Promise<HttpResponse> {
  const user = await findUser(realm, id)
  if (user === undefined) return crestError(404)
  const entries = await groupsShown(realm, user)
  return listThose(realm, http, { name: `groups of ${user.sub}`, entries, remaining: 0 })
}

/** As entries of a list. */
async function groupsShown(realm: Realm, user: EndUser) {
  const { listed } = groupView(realm)
  const names = await groupsOf(realm, user)
  const items = await Promise.all(names.map((name) => groupKind.read(realm, name)))
  return items.flatMap((item) =>
    item === undefined ? [] : [{ _id: item.id, _rev: item.rev, ...listed(item) }],
  )
}

async function setGroups(
  realm: Realm,
  http: HttpRequest,
  id: string,
  change: Change,
): Promise<HttpResponse> {
  const action = http.method === 'POST' ? readQuery(http).get('_action') : undefined
  if (action !== 'updateMemberships') return crestError(501, 'Action not supported')
  const user = await findUser(realm, id)
  if (user === undefined) return crestError(404)
  const input = { groups: member(readJsonDocument(http), 'groups') ?? null }
  const saved = await userKind.save(realm, user.sub, input, { ...change, condition: anyState })
  if (saved.outcome === 'invalid') return invalidValues(saved.problems.map(problemLine))
  if (saved.outcome !== 'updated') return crestError(403, 'Access Denied')
  const after = await findUser(realm, user.sub)
  if (after === undefined) return crestError(404)
  // All of them, by no query: it was done already, and a wrong one must not say that it was not.
  return crestList(await groupsShown(realm, after), undefined, undefined, 0)
}
