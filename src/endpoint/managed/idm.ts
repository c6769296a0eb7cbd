/**
 * What tools of PingIDM ask of one beside its people: configuration, internal roles, applications. There is none
 * of it here, and that is what they are told, so that what they do with the rest goes on.
 */
import type { HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { readQuery } from '../../protocol/parameter.ts'
import { crestError } from '../serve/crest.ts'
import { crestList, readCollectionQuery } from '../serve/crest-query.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { administered } from './administered.ts'

const shared = {
  under: 'openidm',
  methods: ['GET'],
  errors: 'crest',
  cors: false,
  always: true,
} as const

/** A collection in which there is nothing. */
function nothingAt(path: string): Endpoint {
  return {
    ...shared,
    path,
    handle: (realm, http) =>
      administered(realm, http, () => {
        readCollectionQuery(readQuery(http))
        return crestList([], undefined, undefined)
      }),
  }
}

/** Documents that every PingIDM has, as they are where nothing was configured. */
const documents: Readonly<Record<string, JsonObject>> = {
  sync: { _id: 'sync', mappings: [] },
  'ui/themerealm': { _id: 'ui/themerealm', realm: {} },
}

const configuration: Endpoint = {
  ...shared,
  path: '/config/*',
  handle: (realm, http) =>
    administered(realm, http, (): HttpResponse => {
      const found = Object.hasOwn(documents, http.rest) ? documents[http.rest] : undefined
      return found === undefined ? crestError(404) : json(200, found)
    }),
}

export const idm: readonly Endpoint[] = [
  nothingAt('/config'),
  configuration,
  nothingAt('/internal/role'),
  nothingAt('/managed/application'),
]
