import { json } from '../../base/http.ts'
import { member } from '../../base/json.ts'
import { groupKind } from '../../config/group.ts'
import { readQuery } from '../../protocol/parameter.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import {
  createResource,
  deleteResource,
  listResources,
  locationIn,
  putResource,
  readResource,
  resourceName,
} from '../serve/resource.ts'
import { readJsonDocument } from '../serve/version.ts'
import { asAdministrator } from './administrator.ts'
import { groupView } from './group-view.ts'
import { namedLike, queryWith } from './user-query.ts'
import { userVersions } from './user-view.ts'

const shared = { under: 'json', errors: 'crest', cors: false, always: true } as const

/** The groups of a realm: listed and created (PingAM: rest-api-crest-groups). */
export const groups: Endpoint = {
  ...shared,
  path: '/groups',
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    asAdministrator(
      realm,
      http,
      async (change) => {
        const view = groupView(realm)
        if (http.method === 'GET')
          return listResources(view, realm, http, queryWith(http, namedLike))
        const action = readQuery(http).get('_action')
        if (action === 'schema') return json(200, groupKind.schema(realm))
        if (action === 'template') return json(200, groupKind.show({}))
        if (action !== 'create') return crestError(501, 'Action not supported')
        const input = readJsonDocument(http)
        const id = member(input, 'username')
        const location = (name: string): string => locationIn(http, name)
        return createResource(
          view,
          realm,
          { id: typeof id === 'string' ? id : '', input, location },
          change,
        )
      },
      userVersions,
    ),
}

/** One group, by its name: read with its members, created or changed, deleted. */
export const group: Endpoint = {
  ...shared,
  path: '/groups/*',
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(
      realm,
      http,
      async (change) => {
        const name = resourceName(http.rest)
        const view = groupView(realm)
        if (name === undefined) return crestError(404)
        if (http.method === 'PUT') return putResource(view, realm, http, name, change)
        if (http.method === 'DELETE') return deleteResource(view, realm, name, change)
        return readResource(view, realm, http, name)
      },
      userVersions,
    ),
}
