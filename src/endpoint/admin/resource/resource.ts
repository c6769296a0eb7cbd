/** The resources of a realm that access tokens can be for (RFC 8707); no endpoint of PingAM's, and in the forms of its own. */
import { json } from '../../../base/http.ts'
import type { JsonObject } from '../../../base/json.ts'
import { member } from '../../../base/json.ts'
import type { Item } from '../../../config/kind.ts'
import { resourceKind } from '../../../config/resource/resource.ts'
import { readQuery } from '../../../protocol/parameter.ts'
import { crestError } from '../../serve/crest.ts'
import type { Endpoint } from '../../serve/endpoint.ts'
import type { View } from '../../serve/resource.ts'
import {
  createResource,
  deleteResource,
  listResources,
  putResource,
  readResource,
} from '../../serve/resource.ts'
import { readJsonDocument } from '../../serve/version.ts'
import { asAdministrator } from '../administrator.ts'

const shared = { under: 'json', errors: 'crest', cors: false, always: true } as const

const shown = ({ value }: Item): JsonObject => resourceKind.show(value)

const view: View = { kind: resourceKind, listed: shown, alone: shown, counted: false, remaining: 0 }

/** All of them: listed and created. */
export const resources: Endpoint = {
  ...shared,
  path: '/parapet/resources',
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      if (http.method === 'GET') return listResources(view, realm, http)
      const action = readQuery(http).get('_action')
      if (action === 'schema') return json(200, resourceKind.schema(realm))
      if (action === 'template') return json(200, resourceKind.show({}))
      if (action !== 'create') return crestError(501, 'Action not supported')
      const input = readJsonDocument(http)
      const identifier = member(input, 'identifier')
      const id = typeof identifier === 'string' ? identifier : ''
      const location = (made: string): string =>
        `${http.origin}${http.path.replace(/\/$/, '')}/${encodeURIComponent(made)}`
      return createResource(view, realm, { id, input, location }, change)
    }),
}

/** One, by its identifier, percent-encoded whole: read, created or replaced, deleted. */
export const resource: Endpoint = {
  ...shared,
  path: '/parapet/resources/*',
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      const id = identifierIn(http.rest)
      if (id === undefined) return crestError(404)
      if (http.method === 'PUT') return putResource(view, realm, http, id, change)
      if (http.method === 'DELETE') return deleteResource(view, realm, id, change)
      return readResource(view, realm, http, id)
    }),
}

function identifierIn(rest: string): string | undefined {
  if (rest === '' || rest.includes('/')) return undefined
  try {
    return decodeURIComponent(rest)
  } catch {
    return undefined
  }
}
