import { json } from '../../base/http.ts'
import { groupKind } from '../../config/group.ts'
import { readQuery } from '../../protocol/parameter.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { listResources } from '../serve/resource.ts'
import { asAdministrator } from './administrator.ts'
import { answerObject, createByName, forAdministrators } from './collection/collection.ts'
import { groupView } from './group-view.ts'
import { namedLike, queryWith } from './user-query.ts'
import { userVersions } from './user-view.ts'

/** The groups of a realm: listed and created (PingAM: rest-api-crest-groups). */
export const groups: Endpoint = {
  ...forAdministrators,
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
        return createByName(view, 'username')(realm, http, change)
      },
      userVersions,
    ),
}

/** One group, by its name: read with its members, created or changed, deleted. */
export const group: Endpoint = {
  ...forAdministrators,
  path: '/groups/*',
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) => answerObject(groupView(realm), realm, http, userVersions),
}
