import type { HttpRequest, HttpResponse } from '../../../base/http.ts'
import type { Change } from '../../../config/kind.ts'
import type { Realm } from '../../../realm/realm.ts'
import { newUuid } from '../../../user/end-user.ts'
import type { Action, Actions } from '../../serve/action.ts'
import { act, formActions } from '../../serve/action.ts'
import { crestError } from '../../serve/crest.ts'
import type { Inherits } from '../../serve/crest-schema.ts'
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

/** What the URLs of every kind of agent have in common. */
export const ofAgents = { under: 'json', errors: 'crest', cors: false, always: true } as const

/** What may be asked of the agents of one kind (PingAM: rest-api-agents). */
export function agentActions(view: View, inherits?: Inherits): Actions {
  const create: Action = (realm, http, change) => createAgent(view, realm, http, change)
  return new Map<string, Action>([...formActions(view.kind, inherits), ['create', create]])
}

/** The agents of one kind: listed, or an action. */
export function answerAgents(
  view: View,
  actions: Actions,
  realm: Realm,
  http: HttpRequest,
): Promise<HttpResponse> {
  return asAdministrator(realm, http, (change) =>
    http.method === 'POST' ? act(actions, realm, http, change) : listResources(view, realm, http),
  )
}

/** One of them: read, created or replaced, deleted. */
export function answerAgent(view: View, realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  return asAdministrator(realm, http, async (change) => {
    const id = resourceName(http.rest)
    if (id === undefined) return crestError(404)
    if (http.method === 'PUT') return putResource(view, realm, http, id, change)
    if (http.method === 'DELETE') return deleteResource(view, realm, id, change)
    return readResource(view, realm, http, id)
  })
}

/** The body says the id; without one the agent gets a random one. */
async function createAgent(
  view: View,
  realm: Realm,
  http: HttpRequest,
  change: Change,
): Promise<HttpResponse> {
  const input = readJsonDocument(http)
  const { _id: id = newUuid(realm.random) } = input
  if (typeof id !== 'string') return crestError(400, 'The _id must be text')
  const location = (name: string): string => locationIn(http, name)
  return createResource(view, realm, { id, input, location }, change)
}
