/** Service accounts as PingIDM has them (managed object `svcacct`): for programs of administrators, never for web origins (C-28). */
import type { HttpRequest } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { isServiceAccountId } from '../../client/service-account/account.ts'
import type { Item, Kind } from '../../config/kind.ts'
import { serviceAccountKind } from '../../config/service-account.ts'
import { readQuery } from '../../protocol/parameter.ts'
import { newUuid } from '../../user/end-user.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonDocument } from '../serve/json-body.ts'
import { patchResource } from '../serve/patch.ts'
import type { View } from '../serve/resource.ts'
import {
  createResource,
  deleteResource,
  listResources,
  putResource,
  readResource,
} from '../serve/resource.ts'
import { administered, ofIdm } from './administered.ts'
import { policyFailure } from './policy.ts'

/** What PingIDM shows beside the object itself: the same texts for every account. */
const shown = ({ value }: Item): JsonObject => ({
  ...serviceAccountKind.show(value),
  maxCachingTime: '15',
  maxIdleTime: '15',
  maxSessionTime: '15',
  quotaLimit: '5',
})

const view: View = {
  kind: serviceAccountKind,
  listed: shown,
  alone: shown,
  counted: false,
  refuse: policyFailure,
}

/** PUT says all of an account: what it leaves out is as in a new one. */
const whole: Kind = {
  ...serviceAccountKind,
  save: (realm, id, input, change) =>
    serviceAccountKind.save(realm, id, { ...nothingSaid, ...input }, change),
}

const nothingSaid: JsonObject = {
  name: null,
  description: null,
  accountStatus: null,
  scopes: null,
  jwks: null,
}

/** All of them: listed, and created under an id that is drawn. */
export const serviceAccounts: Endpoint = {
  ...ofIdm,
  path: '/managed/svcacct',
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    administered(realm, http, (change) => {
      if (http.method === 'GET') return listResources(view, realm, http)
      if ((readQuery(http).get('_action') ?? 'create') !== 'create')
        return crestError(400, 'The action is not supported')
      const input = readJsonDocument(http)
      const location = (id: string): string => `${base(http)}/${id}`
      return createResource(view, realm, { id: newUuid(realm.random), input, location }, change)
    }),
}

/** One, by its id: read, created or replaced, patched, deleted. */
export const serviceAccount: Endpoint = {
  ...ofIdm,
  path: '/managed/svcacct/*',
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  handle: (realm, http) =>
    administered(realm, http, (change) => {
      const id = http.rest
      if (!isServiceAccountId(id)) return crestError(404)
      if (http.method === 'GET') return readResource(view, realm, http, id)
      if (http.method === 'PUT')
        return putResource({ ...view, kind: whole }, realm, http, id, change)
      if (http.method === 'DELETE') return deleteResource(view, realm, id, change)
      const patch = http.method === 'PATCH' || readQuery(http).get('_action') === 'patch'
      return patch
        ? patchResource(view, realm, http, id, change)
        : crestError(400, 'The action is not supported')
    }),
}

function base({ origin, path }: HttpRequest): string {
  return origin + path.replace(/\/$/, '')
}
