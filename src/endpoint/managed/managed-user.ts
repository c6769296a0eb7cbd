/**
 * managed: the administration of people as PingIDM has it, over the same accounts. Its URLs are for
 * programs of administrators: they are never opened to web origins (C-28).
 */
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import { member } from '../../base/json.ts'
import type { Filter } from '../../config/filter.ts'
import { everything } from '../../config/filter.ts'
import { asManaged, managedUser } from '../../config/user/managed.ts'
import { userKind } from '../../config/user.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { queryWith } from '../admin/user-query.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonDocument } from '../serve/json-body.ts'
import { patchResource } from '../serve/patch.ts'
import type { View } from '../serve/resource.ts'
import {
  createResource,
  deleteResource,
  listResources,
  putResource,
  readResource,
} from '../serve/resource.ts'
import { administered, ofIdm } from './administered.ts'
import { policyFailure } from './policy.ts'

const view: View = {
  kind: asManaged('part'),
  listed: managedUser,
  alone: managedUser,
  counted: false,
  refuse: policyFailure,
}
const whole: View = { ...view, kind: asManaged('whole') }

/** Managed users of a realm: queried, created, and patched by their name. `/managed/<realm>_user`; those of the root `/managed/user`. */
export const managedUsers: Endpoint = {
  ...ofIdm,
  path: '/managed/user',
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    administered(realm, http, async (change) => {
      if (http.method === 'GET') return list(realm, http)
      const form = readQuery(http)
      const action = form.get('_action') ?? 'create'
      if (action === 'create') return createResource(view, realm, newUser(http), change)
      if (action !== 'patch') return crestError(400, 'The action is not supported')
      const uid = form.get('_queryId') === 'for-userName' ? form.get('uid') : undefined
      if (uid === undefined)
        return crestError(400, 'Whom to patch is said by _queryId=for-userName&uid=')
      return patchResource(view, realm, http, uid, change)
    }),
}

/** One managed user, by its id: read, created or replaced, patched, deleted. */
export const managedUserById: Endpoint = {
  ...ofIdm,
  path: '/managed/user/*',
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  handle: (realm, http) =>
    administered(realm, http, async (change) => {
      const id = http.rest
      if (!/^[\w.~-]{1,64}$/.test(id)) return crestError(404)
      const patch = readQuery(http).get('_action') === 'patch'
      if (http.method === 'PUT') return putResource(whole, realm, http, id, change)
      if (http.method === 'DELETE') return deleteResource(view, realm, id, change)
      if (http.method === 'GET') return readResource(view, realm, http, id)
      if (http.method === 'POST' && !patch) return crestError(400, 'The action is not supported')
      return patchResource(view, realm, http, id, change)
    }),
}

function newUser(http: HttpRequest): Parameters<typeof createResource>[2] {
  const input = readJsonDocument(http)
  const id = member(input, '_id')
  const location = (drawn: string): string =>
    `${http.origin}${http.path.replace(/\/$/, '')}/${drawn}`
  return { id: typeof id === 'string' ? id : '', input, location }
}

async function list(realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  const query = queryWith(http, predefined)
  if (readQuery(http).get('_countOnly') !== 'true') return listResources(view, realm, http, query)
  const counted = await userKind.list(realm, { ...query, after: undefined, pageSize: 0 })
  if (counted.outcome !== 'listed' || counted.cookie !== undefined)
    throw new OAuthError('bad_request', 'There are too many to be counted')
  const count = counted.items.length
  return json(200, {
    result: [],
    resultCount: count,
    pagedResultsCookie: null,
    totalPagedResultsPolicy: 'EXACT',
    totalPagedResults: count,
    remainingPagedResults: -1,
  })
}

/** PingIDM: predefined queries. */
function predefined(id: string, form: ReadonlyMap<string, string>): Filter | undefined {
  const name = form.get('uid')
  if (id === 'for-userName' && name !== undefined)
    return { is: 'eq', field: ['username'], value: name }
  return id === 'query-all' || id === 'query-all-ids' ? everything : undefined
}
