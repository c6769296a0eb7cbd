import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import type { Change } from '../../config/kind.ts'
import { compliance as complianceOf, forgetBreaches } from '../../history/breaches/compliance.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { asAdministrator } from '../admin/administrator.ts'
import { listThose } from '../admin/collection/list-those.ts'
import { act } from '../serve/action.ts'
import type { Endpoint } from '../serve/endpoint.ts'

/**
 * Which clients' requests would be refused by what is only watched (C-31), by which rule, how often and since when:
 * for administrators of the realm, of all clients or of one, `client_id`. The action `reset` forgets what was counted.
 */
export const compliance: Endpoint = {
  under: 'json',
  path: '/parapet/compliance',
  methods: ['GET', 'POST'],
  errors: 'crest',
  cors: false,
  always: true,
  handle: (realm, http) =>
    asAdministrator(realm, http, (change) =>
      http.method === 'POST' ? act(actions, realm, http, change) : listed(realm, http),
    ),
}

const actions = new Map([['reset', reset]])

async function listed(realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  const { entries } = await complianceOf(realm, asked(http))
  return listThose(realm, http, {
    name: 'compliance',
    entries: entries.map((entry) => ({
      _id: `${entry.client_id}/${entry.requirement}/${entry.why}`,
      ...entry,
    })),
  })
}

async function reset(realm: Realm, http: HttpRequest, { by }: Change): Promise<HttpResponse> {
  const client_id = asked(http)
  const clients = await forgetBreaches(realm, client_id)
  event('compliance.reset', { realm: realm.path, client_id, clients, by })
  return json(200, { clients })
}

/** Whose, by the query; undefined: everybody’s. */
function asked(http: HttpRequest): string | undefined {
  return readQuery(http).get('client_id')
}
