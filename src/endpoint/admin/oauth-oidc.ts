import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import { attributeNames, readDocument, showDocument } from '../../protocol/document.ts'
import { readQuery } from '../../protocol/parameter.ts'
import { providerAttributes } from '../../realm/oauth2-provider.ts'
import type { Realm } from '../../realm/realm.ts'
import type { StoredRealm } from '../../realm/realms.ts'
import { readRealm, saveProvider } from '../../realm/realms.ts'
import { lost, untilDecided } from '../../store/update.ts'
import { crestError, crestResource } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonDocument } from '../serve/version.ts'
import { asAdministrator } from './administrator.ts'
import { hasPrecondition, preconditionRefusal } from './precondition.ts'
import { crestList, pick, readCollectionQuery, readFields } from './query.ts'
import { invalidAttribute, invalidValues } from './refusal.ts'
import { settingProblems } from './setting-rules.ts'

const shared = { under: 'json', errors: 'crest', cors: false } as const
const path = '/realm-config/services'
const _type = { _id: 'oauth-oidc', name: 'OAuth2 Provider', collection: false }

/** The realm's OAuth 2.0 provider (PingAM: services-configuration). */
export const oauthOidc: Endpoint = {
  ...shared,
  path: `${path}/oauth-oidc`,
  methods: ['GET', 'PUT', 'POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (by) => {
      if (http.method === 'PUT') return putProvider(realm, http, by)
      // It has no instances below it; frodo asks all the same.
      if (http.method === 'POST') return descendents(http, [])
      const stored = await readRealm(realm)
      if (stored === undefined) return crestError(404)
      const shown = showProvider(stored)
      const fields = readFields(readQuery(http))
      return crestResource(200, { ...pick(shown, fields), _rev: shown._rev })
    }),
}

/** The services of a realm: the one there is. */
export const realmServices: Endpoint = {
  ...shared,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async () => {
      const stored = await readRealm(realm)
      if (http.method === 'POST') {
        if (stored === undefined) return descendents(http, [])
        const { _rev, ...rest } = showProvider(stored)
        return descendents(http, [{ ...rest, _id: _type._id }])
      }
      const { matches } = readCollectionQuery(readQuery(http))
      const entry = { _id: _type._id, _rev: String(stored?.version ?? 0), name: _type.name }
      return crestList(stored !== undefined && matches(_type._id) ? [entry] : [])
    }),
}

/** AM's list of what stands below; without paging members. */
function descendents(http: HttpRequest, result: readonly JsonObject[]): HttpResponse {
  if (readQuery(http).get('_action') !== 'nextdescendents') {
    return crestError(400, 'The action is not supported')
  }
  return json(200, { result })
}

async function putProvider(realm: Realm, http: HttpRequest, by: string): Promise<HttpResponse> {
  const { document, problems, unknown } = readDocument(providerAttributes, readJsonDocument(http))
  if (unknown.length > 0) return invalidAttribute(attributeNames(providerAttributes), unknown)
  const wrong = [...problems, ...settingProblems(realm, document)]
  if (wrong.length > 0) return invalidValues(wrong)
  return untilDecided('a realm', async () => {
    const before = await readRealm(realm)
    if (before === undefined) return crestError(404)
    const refusal = preconditionRefusal(http, before.version)
    if (refusal !== undefined) return refusal
    if (await saveProvider(realm, before, document)) {
      event('provider.saved', { realm: realm.path, by })
      const after = await readRealm(realm)
      return after === undefined ? crestError(404) : crestResource(200, showProvider(after))
    }
    return hasPrecondition(http) ? crestError(412, 'The resource has changed') : lost
  })
}

/** Read alone it has an empty `_id`, as AM's services have. */
function showProvider({ record, version }: StoredRealm): JsonObject & { readonly _rev: string } {
  const document = showDocument(providerAttributes, record.document, () => 'plain')
  return { _id: '', _rev: String(version), ...document, _type }
}
