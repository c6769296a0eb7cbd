import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import type { Change, Condition, Item } from '../../config/kind.ts'
import { oauth2ProviderKind } from '../../config/oauth2-provider.ts'
import { withoutShared } from '../../realm/authentication/shared.ts'
import type { Realm } from '../../realm/realm.ts'
import { below, shownAs } from '../kept/below.ts'
import type { Action } from '../serve/action.ts'
import { act, alwaysListed, formActions, listed } from '../serve/action.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import type { View } from '../serve/resource.ts'
import { deleteResource, putResource, readResource } from '../serve/resource.ts'
import { asAdministrator } from './administrator.ts'
import { forAdministrators } from './collection/collection.ts'
import { listThose } from './collection/list-those.ts'

const path = '/realm-config/services'
const _type = { _id: 'oauth-oidc', name: 'OAuth2 Provider', collection: false }

/** Read alone it has an empty `_id`, as AM's services have. */
const view: View = {
  kind: oauth2ProviderKind,
  listed: ({ value }) => ({ ...oauth2ProviderKind.show(value), _type }),
  alone: ({ value }) => ({ ...oauth2ProviderKind.show(value), _type }),
  counted: false,
}

/** What `_action` may name at the provider: there is nothing below it; frodo asks all the same. */
const providerActions = new Map<string, Action>([
  ...formActions(oauth2ProviderKind),
  ['create', create],
  ['getAllTypes', alwaysListed([])],
  ['getCreatableTypes', alwaysListed([])],
  ['nextdescendents', alwaysListed([])],
])

/** The realm's OAuth 2.0 provider (PingAM: services-configuration). Deleted, it is back to its defaults. */
export const oauthOidc: Endpoint = {
  ...forAdministrators,
  path: `${path}/oauth-oidc`,
  methods: ['GET', 'PUT', 'POST', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      if (http.method === 'PUT') return putResource(view, realm, http, '', change)
      if (http.method === 'POST') return act(providerActions, realm, http, change)
      if (http.method === 'DELETE') return deleteResource(view, realm, '', change)
      return readResource(view, realm, http, '')
    }),
}

/** Every realm has one: who creates it sets one that is as it was in the beginning, or after its removal. */
async function create(realm: Realm, http: HttpRequest, change: Change): Promise<HttpResponse> {
  const before = await oauth2ProviderKind.read(realm, '')
  if (before !== undefined && !isUnset(before))
    return crestError(409, 'Unable to save config: Service already exists')
  const condition: Condition = {
    obstacle: (rev) => (rev === before?.rev ? undefined : 'stale'),
    strict: true,
  }
  const made = await putResource(view, realm, http, '', { ...change, condition })
  return made.status === 200 ? { ...made, status: 201 } : made
}

const serviceActions = new Map<string, Action>([
  ['getAllTypes', async (realm) => listed([_type, ...(await typesKept(realm))])],
  [
    'getCreatableTypes',
    async (realm) => {
      const item = await oauth2ProviderKind.read(realm, '')
      return listed(item !== undefined && isUnset(item) ? [_type] : [])
    },
  ],
  [
    'nextdescendents',
    async (realm) => {
      const item = await oauth2ProviderKind.read(realm, '')
      const own = item === undefined ? [] : [{ ...view.listed(item), _id: _type._id }]
      const kept = await below(realm, 'realm-config/services', 1)
      return listed([...own, ...kept.map((each) => ({ ...shownAs(each), _id: nameOf(each) }))])
    },
  ],
])

async function typesKept(realm: Realm): Promise<readonly JsonObject[]> {
  const kept = await below(realm, 'realm-config/services', 1)
  return kept.map((each) => ({ _id: nameOf(each), name: nameOf(each), collection: false }))
}

function nameOf({ id }: Item): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

/** The services of a realm: the one that is served, and those that are only kept. */
export const realmServices: Endpoint = {
  ...forAdministrators,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      if (http.method === 'POST') return act(serviceActions, realm, http, change)
      const item = await oauth2ProviderKind.read(realm, '')
      const entry = { _id: _type._id, _rev: item?.rev ?? '0', name: _type.name }
      const kept = (await below(realm, 'realm-config/services', 1)).map((each) => ({
        _id: nameOf(each),
        _rev: each.rev,
        name: nameOf(each),
      }))
      return listThose(realm, http, {
        name: 'services',
        entries: item === undefined ? kept : [entry, ...kept],
        // The one that is served stands first.
        place: ({ _id }) => (_id === _type._id ? '' : _id),
      })
    }),
}

/** What stands among the authentication settings is none of its own. */
function isUnset({ value }: Item): boolean {
  return Object.keys(withoutShared(value)).length === 0
}
