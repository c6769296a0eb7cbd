import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { Change } from '../../config/kind.ts'
import { realmId, realmKind } from '../../config/realm.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Action } from '../serve/action.ts'
import { act } from '../serve/action.ts'
import { crestError } from '../serve/crest.ts'
import { crestSchema } from '../serve/crest-schema.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonDocument } from '../serve/json-body.ts'
import type { View } from '../serve/resource.ts'
import {
  createResource,
  deleteResource,
  listResources,
  putResource,
  readResource,
} from '../serve/resource.ts'
import { asAdministrator } from './administrator.ts'
import { forAdministrators } from './collection/collection.ts'

const path = '/global-config/realms'

const shown: View['alone'] = ({ id, value }) => ({ _id: realmId(id), ...realmKind.show(value) })
const view: View = { kind: realmKind, listed: shown, alone: shown, counted: false }

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['create', create],
  ['schema', async (realm) => json(200, crestSchema(realmKind.schema(realm)))],
  ['template', async ({ path: parentPath }) => json(200, { parentPath, active: true })],
])

/** The realms of the server (PingAM: rest-realms): in the root realm all, in others that one and those below. */
export const globalRealms: Endpoint = {
  ...forAdministrators,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      if (http.method !== 'POST') return listResources(view, realm, http)
      return act(actions, realm, http, change)
    }),
}

/** One realm: read, made or changed, removed with everything in it. */
export const globalRealm: Endpoint = {
  ...forAdministrators,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      const named = pathOfId(http.rest)
      if (named === undefined) return crestError(404)
      if (http.method === 'PUT') return putResource(view, realm, http, named, change)
      if (http.method === 'DELETE') return deleteResource(view, realm, named, change)
      return readResource(view, realm, http, named)
    }),
}

/** The body says where: `name` below `parentPath`, which is the realm asked if it is not said. */
async function create(realm: Realm, http: HttpRequest, change: Change): Promise<HttpResponse> {
  const input = readJsonDocument(http)
  const { name, parentPath = realm.path } = input
  if (typeof name !== 'string' || typeof parentPath !== 'string')
    return crestError(400, 'The body must have a name and a parentPath')
  const named = `${parentPath === '/' ? '' : parentPath}/${name}`
  const location = (): string => `${http.origin}${http.path.replace(/\/$/, '')}/${realmId(named)}`
  return createResource(view, realm, { id: named, input, location }, change)
}

/** Undefined for what is nobody's `_id`. */
function pathOfId(id: string): string | undefined {
  const named = Buffer.from(id, 'base64url').toString()
  return realmId(named) === id ? named : undefined
}
