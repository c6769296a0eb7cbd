/** The resources of a realm that access tokens can be for (RFC 8707); no endpoint of PingAM's, and in the forms of its own. */
import { json } from '../../../base/http.ts'
import type { JsonObject } from '../../../base/json.ts'
import { member } from '../../../base/json.ts'
import type { Item } from '../../../config/kind.ts'
import { resourceKind } from '../../../config/resource/resource.ts'
import type { Action } from '../../serve/action.ts'
import { act } from '../../serve/action.ts'
import { crestError } from '../../serve/crest.ts'
import type { Endpoint } from '../../serve/endpoint.ts'
import type { View } from '../../serve/resource.ts'
import {
  createResource,
  deleteResource,
  listResources,
  locationIn,
  putResource,
  readResource,
  resourceName,
} from '../../serve/resource.ts'
import { readJsonDocument } from '../../serve/version.ts'
import { asAdministrator } from '../administrator.ts'

const shared = { under: 'json', errors: 'crest', cors: false, always: true } as const

const shown = ({ value }: Item): JsonObject => resourceKind.show(value)

const view: View = { kind: resourceKind, listed: shown, alone: shown, counted: false, remaining: 0 }

const create: Action = async (realm, http, change) => {
  const input = readJsonDocument(http)
  const identifier = member(input, 'identifier')
  const id = typeof identifier === 'string' ? identifier : ''
  const location = (name: string): string => locationIn(http, name)
  return createResource(view, realm, { id, input, location }, change)
}

const actions = new Map<string, Action>([
  ['create', create],
  ['schema', async (realm) => json(200, resourceKind.schema(realm))],
  ['template', async () => json(200, resourceKind.show({}))],
])

/** All of them: listed and created. */
export const resources: Endpoint = {
  ...shared,
  path: '/parapet/resources',
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, (change) =>
      http.method === 'POST' ? act(actions, realm, http, change) : listResources(view, realm, http),
    ),
}

/** One, by its identifier, percent-encoded whole: read, created or replaced, deleted. */
export const resource: Endpoint = {
  ...shared,
  path: '/parapet/resources/*',
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      const id = resourceName(http.rest)
      if (id === undefined) return crestError(404)
      if (http.method === 'PUT') return putResource(view, realm, http, id, change)
      if (http.method === 'DELETE') return deleteResource(view, realm, id, change)
      return readResource(view, realm, http, id)
    }),
}
