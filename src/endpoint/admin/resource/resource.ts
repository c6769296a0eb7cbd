/** The resources of a realm that access tokens can be for (RFC 8707); no endpoint of PingAM's, and in the forms of its own. */
import { json } from '../../../base/http.ts'
import type { JsonObject } from '../../../base/json.ts'
import type { Item } from '../../../config/kind.ts'
import { resourceKind } from '../../../config/resource/resource.ts'
import type { Action } from '../../serve/action.ts'
import type { Endpoint } from '../../serve/endpoint.ts'
import type { View } from '../../serve/resource.ts'
import {
  answerCollection,
  answerObject,
  createByName,
  forAdministrators,
} from '../collection/collection.ts'

const shown = ({ value }: Item): JsonObject => resourceKind.show(value)

const view: View = { kind: resourceKind, listed: shown, alone: shown, counted: false, remaining: 0 }

const actions = new Map<string, Action>([
  ['create', createByName(view, 'identifier')],
  ['schema', async (realm) => json(200, resourceKind.schema(realm))],
  ['template', async () => json(200, resourceKind.show({}))],
])

/** All of them: listed and created. */
export const resources: Endpoint = {
  ...forAdministrators,
  path: '/parapet/resources',
  methods: ['GET', 'POST'],
  handle: (realm, http) => answerCollection(view, actions, realm, http),
}

/** One, by its identifier, percent-encoded whole: read, created or replaced, deleted. */
export const resource: Endpoint = {
  ...forAdministrators,
  path: '/parapet/resources/*',
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) => answerObject(view, realm, http),
}
