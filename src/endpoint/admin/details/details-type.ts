import { json } from '../../../base/http.ts'
import { member } from '../../../base/json.ts'
import { detailsTypeKind } from '../../../config/details/details-type.ts'
import type { Item } from '../../../config/kind.ts'
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
const path = '/parapet/authorization-details-types'

const shown = ({ value }: Item): Item['value'] => detailsTypeKind.show(value)
const view: View = { kind: detailsTypeKind, listed: shown, alone: shown, counted: true }

const create: Action = async (realm, http, change) => {
  const input = readJsonDocument(http)
  const type = member(input, 'type')
  const location = (name: string): string => locationIn(http, name)
  const id = typeof type === 'string' ? type : ''
  return createResource(view, realm, { id, input, location }, change)
}

const actions = new Map<string, Action>([
  ['create', create],
  ['schema', async (realm) => json(200, detailsTypeKind.schema(realm))],
  ['template', async () => json(200, detailsTypeKind.show({}))],
])

/** The types of authorization details of a realm (RFC 9396 §2): listed and created. Our own; AM registers none. */
export const detailsTypes: Endpoint = {
  ...shared,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, (change) =>
      http.method === 'POST' ? act(actions, realm, http, change) : listResources(view, realm, http),
    ),
}

/** One type, by its `type` percent-encoded: read, created or replaced, deleted. */
export const detailsType: Endpoint = {
  ...shared,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      const type = resourceName(http.rest)
      if (type === undefined) return crestError(404)
      if (http.method === 'PUT') return putResource(view, realm, http, type, change)
      if (http.method === 'DELETE') return deleteResource(view, realm, type, change)
      return readResource(view, realm, http, type)
    }),
}
