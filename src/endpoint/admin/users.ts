import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import { member } from '../../base/json.ts'
import { findUser } from '../../config/of-user.ts'
import { userKind } from '../../config/user.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { crestError } from '../serve/crest.ts'
import { crestSchema } from '../serve/crest-schema.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonDocument } from '../serve/json-body.ts'
import { patchResource } from '../serve/patch.ts'
import type { Creation } from '../serve/resource.ts'
import {
  createResource,
  deleteResource,
  listResources,
  putResource,
  readResource,
} from '../serve/resource.ts'
import { asAdministrator, asOwnerOrAdministrator } from './administrator.ts'
import { applicationsBelow } from './applications.ts'
import { forAdministrators } from './collection/collection.ts'
import { devicesBelow } from './device/devices.ts'
import { groupsOfUser } from './memberships.ts'
import { changePassword, idFromSession } from './own-user.ts'
import { namedLike, queryWith } from './user-query.ts'
import { userVersions, userView } from './user-view.ts'

type Action = (realm: Realm, http: HttpRequest) => Promise<HttpResponse>

const administrators =
  (work: (realm: Realm) => HttpResponse): Action =>
  (realm, http) =>
    asAdministrator(realm, http, () => work(realm), userVersions)

/** What `_action` may name of all users (PingAM: rest-api-crest-users). */
const actions: Readonly<Record<string, Action>> = {
  create: (realm, http) =>
    asAdministrator(
      realm,
      http,
      (change) => createResource(userView(realm), realm, newUser(http), change),
      userVersions,
    ),
  schema: administrators((realm) => json(200, crestSchema(userKind.schema(realm)))),
  template: administrators(() => json(200, userKind.show({}))),
  idFromSession,
}

/** AM lets the body say the id, too; else one is drawn. */
function newUser(http: HttpRequest): Creation {
  const input = readJsonDocument(http)
  const id = member(input, '_id')
  const location = (drawn: string): string =>
    `${http.origin}${http.path.replace(/\/$/, '')}/${drawn}`
  return { id: typeof id === 'string' ? id : '', input, location }
}

/** The accounts of a realm: listed, created, and who it is that asks. */
export const users: Endpoint = {
  ...forAdministrators,
  path: '/users',
  methods: ['GET', 'POST'],
  async handle(realm, http) {
    if (http.method === 'POST') return actionOf(actions, http, realm)
    const list = (): Promise<HttpResponse> =>
      listResources(userView(realm), realm, http, queryWith(http, namedLike))
    return asAdministrator(realm, http, list, userVersions)
  },
}

/** One account, by its id or its name; read, changed and deleted. Its user may read it, and change what is theirs. */
export const user: Endpoint = {
  ...forAdministrators,
  path: '/users/*',
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  async handle(realm, http) {
    const [id, ...below] = http.rest.replace(/\/$/, '').split('/').map(decoded)
    if (id === undefined || id === '') return unserved(realm, http)
    if (below.length === 1 && below[0] === 'groups') return groupsOfUser(realm, http, id)
    if (below.length > 0)
      return (
        applicationsBelow(realm, http, id, below) ??
        devicesBelow(realm, http, id, below) ??
        unserved(realm, http)
      )
    if (http.method === 'POST') return actionOf({ changePassword }, http, realm)
    const view = userView(realm)
    if (http.method === 'PATCH' || http.method === 'DELETE') {
      const work = http.method === 'PATCH' ? patchResource : removal
      return asAdministrator(
        realm,
        http,
        (change) => work(view, realm, http, id, change),
        userVersions,
      )
    }
    const sub = (await findUser(realm, id))?.sub ?? ''
    return asOwnerOrAdministrator(
      realm,
      http,
      sub,
      (change) =>
        http.method === 'PUT'
          ? putResource(view, realm, http, id, change)
          : readResource(view, realm, http, id),
      userVersions,
    )
  },
}

const removal: typeof patchResource = (view, realm, _http, id, change) =>
  deleteResource(view, realm, id, change)

async function actionOf(
  known: Readonly<Record<string, Action>>,
  http: HttpRequest,
  realm: Realm,
): Promise<HttpResponse> {
  const name = readQuery(http).get('_action') ?? ''
  const action = Object.hasOwn(known, name) ? known[name] : undefined
  if (action !== undefined) return action(realm, http)
  return asAdministrator(realm, http, () => crestError(501, 'Action not supported'), userVersions)
}

/** To administrators alone it is told what is not there. */
function unserved(realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  return asAdministrator(realm, http, () => crestError(404), userVersions)
}

/** A segment of a path; undefined when it is not well encoded. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
