import type { JsonObject } from '../../../base/json.ts'
import { authenticationKind } from '../../../config/authentication/authentication.ts'
import type { Item } from '../../../config/kind.ts'
import type { Action, Actions } from '../../serve/action.ts'
import { act, alwaysListed, formActions } from '../../serve/action.ts'
import type { Endpoint } from '../../serve/endpoint.ts'
import type { View } from '../../serve/resource.ts'
import { deleteResource, putResource, readResource } from '../../serve/resource.ts'
import { asAdministrator } from '../administrator.ts'
import { forAdministrators } from '../collection/collection.ts'
import { brokenBody } from './asked.ts'

const _type = { _id: 'EMPTY', name: 'Core', collection: false }

/** What there is one of has an empty `_id`, as AM's services have. */
const shown = ({ value }: Item): JsonObject => ({ ...authenticationKind.show(value), _type })
const view: View = { kind: authenticationKind, listed: shown, alone: shown, counted: false }

/** What `_action` may name: there is nothing below it; tools ask all the same. */
const actions: Actions = new Map<string, Action>([
  ...formActions(authenticationKind),
  ['getAllTypes', alwaysListed([])],
  ['getCreatableTypes', alwaysListed([])],
  ['nextdescendents', alwaysListed([])],
])

/** How people log in to a realm (PingAM: core authentication attributes). Deleted, it is back to its defaults. */
export const authentication: Endpoint = {
  ...forAdministrators,
  path: '/realm-config/authentication',
  methods: ['GET', 'PUT', 'POST', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(
      realm,
      http,
      async (change) => {
        if (http.method === 'PUT')
          return brokenBody(http) ?? putResource(view, realm, http, '', change)
        if (http.method === 'POST') return act(actions, realm, http, change)
        if (http.method === 'DELETE') return deleteResource(view, realm, '', change)
        return readResource(view, realm, http, '')
      },
      ['1.0', '2.0'],
    ),
}
