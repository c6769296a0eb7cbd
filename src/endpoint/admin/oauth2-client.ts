import type { JsonObject } from '../../base/json.ts'
import { clientKind } from '../../config/client.ts'
import { clientAttributes, overrideSection } from '../../protocol/client-metadata.ts'
import { showDocument } from '../../protocol/document.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import type { View } from '../serve/resource.ts'
import { deleteResource, listResources, putResource, readResource } from '../serve/resource.ts'
import { asAdministrator } from './administrator.ts'

const shared = { under: 'json', errors: 'crest', cors: false, always: true } as const
const path = '/realm-config/agents/OAuth2Client'
const _type = { _id: 'OAuth2Client', name: 'OAuth2 Clients', collection: true }

/** Values in lists are plain, in a resource read alone they are wrapped. */
const view: View = {
  kind: clientKind,
  listed: ({ value }) => ({ ...clientKind.show(value), _type }),
  alone: ({ value }) => ({ ...wrapped(value), _type }),
  counted: true,
}

/** The clients of a realm (PingAM: rest-api-oauth2-client-admin-endpoint). */
export const oauth2Clients: Endpoint = {
  ...shared,
  path,
  methods: ['GET'],
  handle: (realm, http) => asAdministrator(realm, http, () => listResources(view, realm, http)),
}

/** One client: read, created or replaced, deleted. */
export const oauth2Client: Endpoint = {
  ...shared,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(realm, http, async (change) => {
      const client_id = resourceName(http.rest)
      if (client_id === undefined) return crestError(404)
      if (http.method === 'PUT') return putResource(view, realm, http, client_id, change)
      if (http.method === 'DELETE') return deleteResource(view, realm, client_id, change)
      return readResource(view, realm, http, client_id)
    }),
}

function wrapped(value: JsonObject): JsonObject {
  return showDocument(clientAttributes, value, (section) =>
    section === overrideSection ? 'plain' : 'wrapped',
  )
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
