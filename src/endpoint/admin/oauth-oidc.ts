import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { fits } from '../../config/filter.ts'
import { oauth2ProviderKind } from '../../config/oauth2-provider.ts'
import { readQuery } from '../../protocol/parameter.ts'
import { crestError } from '../serve/crest.ts'
import { crestList, readCollectionQuery } from '../serve/crest-query.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import type { View } from '../serve/resource.ts'
import { putResource, readResource } from '../serve/resource.ts'
import { asAdministrator } from './administrator.ts'

const shared = { under: 'json', errors: 'crest', cors: false, always: true } as const
const path = '/realm-config/services'
const _type = { _id: 'oauth-oidc', name: 'OAuth2 Provider', collection: false }

/** Read alone it has an empty `_id`, as AM's services have. */
const view: View = {
  kind: oauth2ProviderKind,
  listed: ({ value }) => ({ ...oauth2ProviderKind.show(value), _type }),
  alone: ({ value }) => ({ ...oauth2ProviderKind.show(value), _type }),
  counted: false,
}

/** The realm's OAuth 2.0 provider (PingAM: services-configuration). */
export const oauthOidc: Endpoint = {
  ...shared,
  path: `${path}/oauth-oidc`,
  methods: ['GET', 'PUT', 'POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      if (http.method === 'PUT') return putResource(view, realm, http, '', change)
      // It has no instances below it; frodo asks all the same.
      if (http.method === 'POST') return descendents(http, [])
      return readResource(view, realm, http, '')
    }),
}

/** The services of a realm: the one there is. */
export const realmServices: Endpoint = {
  ...shared,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async () => {
      const item = await oauth2ProviderKind.read(realm, '')
      if (http.method === 'POST') {
        const all = item === undefined ? [] : [{ ...view.listed(item), _id: _type._id }]
        return descendents(http, all)
      }
      const { filter } = readCollectionQuery(readQuery(http))
      const entry = { _id: _type._id, _rev: item?.rev ?? '0', name: _type.name }
      return crestList(item !== undefined && fits(filter, entry) ? [entry] : [])
    }),
}

/** AM's list of what stands below; without paging members. */
function descendents(http: HttpRequest, result: readonly JsonObject[]): HttpResponse {
  if (readQuery(http).get('_action') !== 'nextdescendents') {
    return crestError(400, 'The action is not supported')
  }
  return json(200, { result })
}
