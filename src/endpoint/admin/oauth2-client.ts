import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import type { StoredClient } from '../../client/registration.ts'
import { clientIds, deleteClient, readClient } from '../../client/registration.ts'
import { clientAttributes, overrideSection } from '../../protocol/client-metadata.ts'
import type { Shape } from '../../protocol/document.ts'
import { showDocument } from '../../protocol/document.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { lost, untilDecided } from '../../store/update.ts'
import { crestError, crestResource } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { asAdministrator } from './administrator.ts'
import { changeClient } from './client-change.ts'
import { hasPrecondition, preconditionRefusal } from './precondition.ts'
import { crestList, pageOf, pick, readCollectionQuery, readFields } from './query.ts'

const shared = { under: 'json', errors: 'crest', cors: false } as const
const path = '/realm-config/agents/OAuth2Client'
const _type = { _id: 'OAuth2Client', name: 'OAuth2 Clients', collection: true }

/** The clients of a realm (PingAM: rest-api-oauth2-client-admin-endpoint). */
export const oauth2Clients: Endpoint = {
  ...shared,
  path,
  methods: ['GET'],
  handle: (realm, http) => asAdministrator(realm, http, () => listClients(realm, http)),
}

/** One client: read, created or replaced, deleted. */
export const oauth2Client: Endpoint = {
  ...shared,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (by) => {
      const client_id = resourceName(http.rest)
      if (client_id === undefined) return crestError(404)
      if (http.method === 'PUT') return putClient(realm, http, client_id, by)
      if (http.method === 'DELETE') return removeClient(realm, http, client_id, by)
      const stored = await readClient(realm, client_id)
      if (stored === undefined) return crestError(404)
      return crestResource(200, pickRev(wrapped(stored), readFields(readQuery(http))))
    }),
}

/** Values in lists are plain, in a resource read alone they are wrapped. */
async function listClients(realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  const query = readCollectionQuery(readQuery(http))
  const { ids, total, cookie } = pageOf(query, await clientIds(realm))
  const result: JsonObject[] = []
  for (const id of ids) {
    const stored = await readClient(realm, id)
    if (stored !== undefined)
      result.push(
        pick(
          shown(stored, () => 'plain'),
          query.fields,
        ),
      )
  }
  return crestList(result, cookie, total)
}

function putClient(
  realm: Realm,
  http: HttpRequest,
  client_id: string,
  by: string,
): Promise<HttpResponse> {
  return untilDecided('a client', async () => {
    const before = await readClient(realm, client_id)
    const refusal = preconditionRefusal(http, before?.version)
    if (refusal !== undefined) return refusal
    const changed = await changeClient(realm, http, client_id, before)
    if (changed === 'lost') {
      return hasPrecondition(http) ? crestError(412, 'The resource has changed') : lost
    }
    if ('status' in changed) return changed
    const created = before === undefined
    event('client.saved', { realm: realm.path, client_id, created, by })
    const location = { location: `${http.origin}${http.path}` }
    return crestResource(created ? 201 : 200, wrapped(changed), created ? location : {})
  })
}

function removeClient(
  realm: Realm,
  http: HttpRequest,
  client_id: string,
  by: string,
): Promise<HttpResponse> {
  return untilDecided('a client', async () => {
    const stored = await readClient(realm, client_id)
    if (stored === undefined) return crestError(404)
    const refusal = preconditionRefusal(http, stored.version)
    if (refusal !== undefined) return refusal
    if (!(await deleteClient(realm, client_id, stored.version))) return lost
    event('client.deleted', { realm: realm.path, client_id, by })
    return crestResource(200, wrapped(stored))
  })
}

type Revised = JsonObject & { readonly _rev: string }

function wrapped(stored: StoredClient): Revised {
  return shown(stored, (section) => (section === overrideSection ? 'plain' : 'wrapped'))
}

/** A client as AM's JSON; its secrets are never shown. */
function shown({ record, version }: StoredClient, shapeOf: (section: string) => Shape): Revised {
  const document = showDocument(clientAttributes, record.document, shapeOf)
  return { _id: record.client_id, _rev: String(version), ...document, _type }
}

function pickRev(resource: Revised, fields: readonly string[]): Revised {
  return { ...pick(resource, fields), _rev: resource._rev }
}

/** The one path segment that names a resource; undefined when it cannot name any. */
function resourceName(rest: string): string | undefined {
  if (rest === '' || rest.includes('/')) return undefined
  try {
    return decodeURIComponent(rest)
  } catch {
    return undefined
  }
}
