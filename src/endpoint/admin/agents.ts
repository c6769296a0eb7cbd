import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { everything, fits } from '../../config/filter.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { below, shownAs } from '../kept/below.ts'
import type { Action } from '../serve/action.ts'
import { alwaysListed, listed } from '../serve/action.ts'
import { pick, readCollectionQuery } from '../serve/crest-query.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { listResources, type View } from '../serve/resource.ts'
import { asAdministrator } from './administrator.ts'
import { remoteConsentView } from './agent/remote-consent-view.ts'
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
      ? asAdministrator(realm, http, () => find(realm, http))
      : answerCollection(clientView, actions, realm, http),
}

/** Those that a filter finds, of every kind; in pages or in an order of their own the clients alone. */
async function find(realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  const query = readCollectionQuery(readQuery(http))
  const { filter, fields, pageSize, offset, after, sort } = query
  const whole = pageSize === 0 && offset === 0 && after === undefined && sort.length === 0
  if (!whole) return listResources(clientView, realm, http, query)
  const others = [...(await shownOf(realm, remoteConsentView)), ...(await keptOnes(realm))]
  const found = others.filter((each) => fits(filter, each)).map((each) => pick(each, fields))
  return listResources(clientView, realm, http, query, found)
}

/** All there are, with their values. */
async function allAgents(realm: Realm): Promise<HttpResponse> {
  const clients = await shownOf(realm, clientView)
  const others = [...(await shownOf(realm, remoteConsentView)), ...(await keptOnes(realm))]
  return listed([...clients, ...others].map(({ _rev, ...each }) => each))
}

async function shownOf(realm: Realm, { kind, listed: shown }: View): Promise<JsonObject[]> {
  const query = { filter: everything, pageSize: 0, offset: 0, after: undefined, sort: [] }
  const found = await kind.list(realm, query)
  const items = found.outcome === 'listed' ? found.items : []
  return items.map((item) => ({ _id: item.id, _rev: item.rev, ...shown(item) }))
}

async function keptOnes(realm: Realm): Promise<JsonObject[]> {
  const kept = await below(realm, path.slice(1), 2)
  const ofKinds = kept.filter(({ id }) => !id.startsWith(`${path.slice(1)}/groups/`))
  return ofKinds.map((item) => ({
    ...shownAs(item),
    ...{ _id: item.id.slice(item.id.lastIndexOf('/') + 1), _rev: item.rev },
  }))
}
