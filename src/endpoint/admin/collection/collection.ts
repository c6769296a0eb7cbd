import type { HttpRequest, HttpResponse } from '../../../base/http.ts'
import { member } from '../../../base/json.ts'
import type { Realm } from '../../../realm/realm.ts'
import { newUuid } from '../../../user/end-user.ts'
import type { Action, Actions } from '../../serve/action.ts'
import { act } from '../../serve/action.ts'
import { crestError } from '../../serve/crest.ts'
import { readJsonDocument } from '../../serve/json-body.ts'
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
import { asAdministrator } from '../administrator.ts'

/** What the URLs of everything that administrators manage have in common. */
export const forAdministrators = {
  under: 'json',
  errors: 'crest',
  cors: false,
  always: true,
} as const

/** The objects of one kind: listed, or an action. `versions`: of the resource, oldest first. */
export function answerCollection(
  view: View,
  actions: Actions,
  realm: Realm,
  http: HttpRequest,
  versions?: readonly string[],
): Promise<HttpResponse> {
  return asAdministrator(
    realm,
    http,
    (change) =>
      http.method === 'POST' ? act(actions, realm, http, change) : listResources(view, realm, http),
    versions,
  )
}

/** One of them: read, created or replaced, deleted. */
export function answerObject(
  view: View,
  realm: Realm,
  http: HttpRequest,
  versions?: readonly string[],
): Promise<HttpResponse> {
  return asAdministrator(
    realm,
    http,
    async (change) => {
      const id = resourceName(http.rest)
      if (id === undefined) return crestError(404)
      if (http.method === 'PUT') return putResource(view, realm, http, id, change)
      if (http.method === 'DELETE') return deleteResource(view, realm, id, change)
      return readResource(view, realm, http, id)
    },
    versions,
  )
}

/** Creates one. The body says the id; without one the object gets a random one. */
export function createById(view: View): Action {
  return async (realm, http, change) => {
    const input = readJsonDocument(http)
    const id = member(input, '_id') ?? newUuid(realm.random)
    if (typeof id !== 'string') return crestError(400, 'The _id must be text')
    const location = (name: string): string => locationIn(http, name)
    return createResource(view, realm, { id, input, location }, change)
  }
}

/** Creates one whose id is an attribute of its. */
export function createByName(view: View, attribute: string): Action {
  return async (realm, http, change) => {
    const input = readJsonDocument(http)
    const name = member(input, attribute)
    const id = typeof name === 'string' ? name : ''
    const location = (made: string): string => locationIn(http, made)
    return createResource(view, realm, { id, input, location }, change)
  }
}
