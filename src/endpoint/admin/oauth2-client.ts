import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { clientKind } from '../../config/client.ts'
import type { Change } from '../../config/kind.ts'
import type { Realm } from '../../realm/realm.ts'
import { newUuid } from '../../user/end-user.ts'
import type { Action } from '../serve/action.ts'
import { act, formActions } from '../serve/action.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import {
  createResource,
  deleteResource,
  listResources,
  putResource,
  readResource,
} from '../serve/resource.ts'
import { readJsonDocument } from '../serve/version.ts'
import { asAdministrator } from './administrator.ts'
import { clientView, inherits } from './client-view.ts'

const shared = { under: 'json', errors: 'crest', cors: false, always: true } as const
const path = '/realm-config/agents/OAuth2Client'

/** The clients of a realm (PingAM: rest-api-oauth2-client-admin-endpoint). */
export const oauth2Clients: Endpoint = {
  ...shared,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, (change) =>
      http.method === 'POST'
        ? act(actions, realm, http, change)
        : listResources(clientView, realm, http),
    ),
}

const actions = new Map<string, Action>([...formActions(clientKind, inherits), ['create', create]])

/** The body says the id; without one the client gets a random one. */
async function create(realm: Realm, http: HttpRequest, change: Change): Promise<HttpResponse> {
  const input = readJsonDocument(http)
  const { _id: id = newUuid(realm.random) } = input
  if (typeof id !== 'string') return crestError(400, 'The _id must be text')
  const location = (named: string): string =>
    `${http.origin}${http.path.replace(/\/$/, '')}/${encodeURIComponent(named)}`
  return createResource(clientView, realm, { id, input, location }, change)
}

/** One client: read, created or replaced, deleted. */
export const oauth2Client: Endpoint = {
  ...shared,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      const client_id = resourceName(http.rest)
      if (client_id === undefined) return crestError(404)
      if (http.method === 'PUT') return putResource(clientView, realm, http, client_id, change)
      if (http.method === 'DELETE') return deleteResource(clientView, realm, client_id, change)
      return readResource(clientView, realm, http, client_id)
    }),
}

/** The one path segment that names a resource; undefined when it cannot name any. */
function resourceName(rest: string): string | undefined {
  if (rest === '' || rest.includes('/')) return undefined
  try {
    return decodeURIComponent(rest)
  } catch {
    return undefined
  }
}
