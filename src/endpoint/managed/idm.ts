/**
 * What tools of PingIDM ask of one beside its people: configuration, internal roles, applications. Documents of
 * configuration are kept and given back as they came, and nothing acts on them (C-39); of the rest there is none.
 */
import { isDeepStrictEqual } from 'node:util'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { keptKind, keptPaths } from '../../config/kept/document.ts'
import { keptOfIdm } from '../../config/kept/path.ts'
import type { Change, Item } from '../../config/kind.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { listThose } from '../admin/collection/list-those.ts'
import { crestError } from '../serve/crest.ts'
import { crestList, readCollectionQuery } from '../serve/crest-query.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJson } from '../serve/json-body.ts'
import type { View } from '../serve/resource.ts'
import { deleteResource, putResource, readResource } from '../serve/resource.ts'
import { administered, ofIdm } from './administered.ts'
import { unsetDocument } from './unset.ts'

/** A collection in which there is nothing. */
function nothingAt(path: string): Endpoint {
  return {
    ...ofIdm,
    path,
    methods: ['GET'],
    handle: (realm, http) =>
      administered(realm, http, () => {
        readCollectionQuery(readQuery(http))
        return crestList([])
      }),
  }
}

const shown = ({ id, value }: Item) => ({
  ...value,
  _id: id.slice(keptOfIdm.length + 1),
})

const view: View = { kind: keptKind, listed: shown, alone: shown, counted: false }

const configurations: Endpoint = {
  ...ofIdm,
  path: '/config',
  methods: ['GET'],
  handle: (realm, http) =>
    administered(realm, http, async () => {
      const entries: (JsonObject & { readonly _id: string })[] = []
      for await (const path of keptPaths(realm, keptOfIdm)) {
        const item = await keptKind.read(realm, path)
        if (item !== undefined) entries.push(shown(item))
      }
      return listThose(realm, http, { name: 'configurations', entries })
    }),
}

const configuration: Endpoint = {
  ...ofIdm,
  path: '/config/*',
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) =>
    administered(realm, http, (change) =>
      /^[\w.~-]+(?:\/[\w.~-]+){0,3}$/.test(http.rest) ? one(realm, http, change) : crestError(404),
    ),
}

async function one(realm: Realm, http: HttpRequest, change: Change): Promise<HttpResponse> {
  const path = `${keptOfIdm}/${http.rest}`
  if (http.method === 'DELETE') return deleteResource(view, realm, path, change)
  const kept = await keptKind.read(realm, path)
  const empty = kept === undefined ? unsetDocument(http.rest) : undefined
  // What is there already is not kept once more: tools put back all they have read.
  if (empty !== undefined && (http.method === 'GET' || isDeepStrictEqual(readJson(http), empty)))
    return json(200, empty)
  if (http.method === 'PUT') return putResource(view, realm, http, path, change)
  return kept === undefined ? crestError(404, nothing) : readResource(view, realm, http, path)
}

const nothing = 'There is no configuration of that id'

export const idm: readonly Endpoint[] = [
  configurations,
  configuration,
  nothingAt('/internal/role'),
  nothingAt('/managed/application'),
]
