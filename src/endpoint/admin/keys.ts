import { json } from '../../base/http.ts'
import { keyKind, rotateRealmKeys } from '../../config/key.ts'
import type { Item } from '../../config/kind.ts'
import { problemLine } from '../../protocol/problem.ts'
import type { Action } from '../serve/action.ts'
import { act } from '../serve/action.ts'
import { crestError, invalidValues } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonBody } from '../serve/json-body.ts'
import type { View } from '../serve/resource.ts'
import { deleteResource, listResources, readResource } from '../serve/resource.ts'
import { asAdministrator } from './administrator.ts'
import { forAdministrators } from './collection/collection.ts'

const path = '/parapet/keys'

const shown = ({ value }: Item): Item['value'] => keyKind.show(value)
const view: View = { kind: keyKind, listed: shown, alone: shown, counted: true }

const rotate: Action = async (realm, http, { by }) => {
  const rotated = await rotateRealmKeys(realm, readJsonBody(http), by)
  if (rotated.outcome === 'invalid') return invalidValues(rotated.problems.map(problemLine))
  const result = rotated.items.map((item) => ({ _id: item.id, _rev: item.rev, ...shown(item) }))
  return json(200, { result })
}

const actions = new Map<string, Action>([['rotate', rotate]])

/** The keys of a realm: which there are, in which state, and new ones by `_action=rotate`. Our own; AM keeps keys in files. */
export const keys: Endpoint = {
  ...forAdministrators,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, (change) =>
      http.method === 'POST' ? act(actions, realm, http, change) : listResources(view, realm, http),
    ),
}

/** One key: read, or ended before its time. */
export const key: Endpoint = {
  ...forAdministrators,
  path: `${path}/*`,
  methods: ['GET', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      if (!/^[\w-]+$/.test(http.rest)) return crestError(404)
      return http.method === 'DELETE'
        ? deleteResource(view, realm, http.rest, change)
        : readResource(view, realm, http, http.rest)
    }),
}
