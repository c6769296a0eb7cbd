import type { JsonObject } from '../../base/json.ts'
import { fits } from '../../config/filter.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { StoredRealm } from '../../realm/realms.ts'
import { allRealms } from '../../realm/realms.ts'
import { parentOf } from '../../realm/tree.ts'
import { crestError } from '../serve/crest.ts'
import { crestList, pick, readCollectionQuery } from '../serve/crest-query.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { asAdministrator } from './administrator.ts'

/** The realms of the server (PingAM: rest-realms); told in the root realm only. */
export const globalRealms: Endpoint = {
  path: '/global-config/realms',
  under: 'json',
  methods: ['GET'],
  errors: 'crest',
  cors: false,
  handle: (realm, http) =>
    asAdministrator(realm, http, async () => {
      if (realm.path !== '/') return crestError(404)
      const query = readCollectionQuery(readQuery(http))
      const found = (await allRealms(realm.settings)).map(entry)
      const result = found.filter((each) => fits(query.filter, each))
      return crestList(result.map((each) => pick(each, query.fields)))
    }),
}

function entry({ record, version }: StoredRealm): JsonObject & { readonly _id: string } {
  const { path, aliases } = record
  const slash = path.lastIndexOf('/')
  const root = path === '/'
  return {
    _id: Buffer.from(path).toString('base64url'),
    _rev: String(version),
    parentPath: parentOf(path) ?? null,
    active: true,
    name: root ? '/' : path.slice(slash + 1),
    aliases,
  }
}
