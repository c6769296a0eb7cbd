import type { HttpResponse } from '../../base/http.ts'
import { everything } from '../../config/filter.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Action } from '../serve/action.ts'
import { alwaysListed, listed } from '../serve/action.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { listResources } from '../serve/resource.ts'
import { asAdministrator } from './administrator.ts'
import { everyAgentView } from './agent/every-agent.ts'
import { clientView } from './client-view.ts'
import { answerCollection, forAdministrators } from './collection/collection.ts'

const path = '/realm-config/agents'

/** PingAM's kinds of agents by name; all but the first two are only kept. */
const names: readonly (readonly [id: string, name: string])[] = [
  ['OAuth2Client', 'OAuth2 Client Agents'],
  ['RemoteConsentAgent', 'OAuth2 Remote Consent Agents'],
  ['WebAgent', 'Web Agents'],
  ['J2EEAgent', 'J2EE Agents'],
  ['2.2_Agent', '2.2 Agents'],
  ['SharedAgent', 'Shared Agents'],
  ['SoftwarePublisher', 'OAuth2 Software Publisher Agents'],
  ['IdentityGatewayAgent', 'Identity Gateway Agents'],
  ['TrustedJwtIssuer', 'OAuth2 Trusted JWT Issuer Agents'],
]
const types = names.map(([_id, name]) => ({ _id, name, collection: true }))

const actions = new Map<string, Action>([
  ['getAllTypes', alwaysListed(types)],
  ['getCreatableTypes', alwaysListed(types.slice(0, 2))],
  ['nextdescendents', allAgents],
])

/** The agents of every kind (PingAM: rest-api-agents). */
export const agents: Endpoint = {
  ...forAdministrators,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    http.method === 'GET'
      ? asAdministrator(realm, http, () => listResources(everyAgentView, realm, http))
      : answerCollection(clientView, actions, realm, http),
}

/** All there are, with their values. */
async function allAgents(realm: Realm): Promise<HttpResponse> {
  const query = { filter: everything, pageSize: 0, offset: 0, after: undefined, sort: [] }
  const found = await everyAgentView.kind.list(realm, query)
  const items = found.outcome === 'listed' ? found.items : []
  return listed(items.map((item) => ({ _id: item.id, ...everyAgentView.listed(item) })))
}
