import { json } from '../../../base/http.ts'
import { detailsTypeKind } from '../../../config/details/details-type.ts'
import type { Item } from '../../../config/kind.ts'
import type { Action } from '../../serve/action.ts'
import type { Endpoint } from '../../serve/endpoint.ts'
import type { View } from '../../serve/resource.ts'
import {
  answerCollection,
  answerObject,
  createByName,
  forAdministrators,
} from '../collection/collection.ts'

const path = '/parapet/authorization-details-types'

const shown = ({ value }: Item): Item['value'] => detailsTypeKind.show(value)
const view: View = { kind: detailsTypeKind, listed: shown, alone: shown, counted: true }

const actions = new Map<string, Action>([
  ['create', createByName(view, 'type')],
  ['schema', async (realm) => json(200, detailsTypeKind.schema(realm))],
  ['template', async () => json(200, detailsTypeKind.show({}))],
])

/** The types of authorization details of a realm (RFC 9396 §2): listed and created. Our own; AM registers none. */
export const detailsTypes: Endpoint = {
  ...forAdministrators,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) => answerCollection(view, actions, realm, http),
}

/** One type, by its `type` percent-encoded: read, created or replaced, deleted. */
export const detailsType: Endpoint = {
  ...forAdministrators,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) => answerObject(view, realm, http),
}
