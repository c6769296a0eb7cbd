import type { JsonObject } from '../../src/base/json.ts'
import { saveClient } from '../../src/client/registration.ts'
import { clientKind } from '../../src/config/client.ts'
import { anyState } from '../../src/config/kind.ts'
import type { Asked, Row } from './index.ts'
import { administrators, root } from './statuses.ts'

const all = '/realm-config/agents'
const agents = `${all}/OAuth2Client`
const services = '/realm-config/services'

const publicClient: JsonObject = {
  coreOAuth2ClientConfig: { clientType: 'Public' },
  advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'none' },
}

const makeClient = ({ realm }: Asked): Promise<unknown> =>
  saveClient(realm, { client_id: 'shop', document: publicClient, secrets: [] })

/** Of clients. */
export const clientRows: readonly Row[] = [
  { method: 'GET', path: agents, rest: '?_queryFilter=true', statuses: administrators(200) },
  {
    method: 'GET',
    path: `${agents}/*`,
    rest: 'shop',
    before: makeClient,
    statuses: administrators(200),
  },
  {
    method: 'PUT',
    path: `${agents}/*`,
    rest: 'shop',
    before: makeClient,
    body: publicClient,
    statuses: administrators(200),
  },
  {
    method: 'DELETE',
    path: `${agents}/*`,
    rest: 'shop',
    before: makeClient,
    statuses: administrators(200),
  },
]

/** Rows of a POST, one for each action, which administrators may ask for. */
function actions(path: string, names: readonly string[], rest = ''): readonly Row[] {
  return names.map((name) => ({
    method: 'POST',
    path,
    rest: `${rest}?_action=${name}`,
    statuses: administrators(200),
  }))
}

/** Of clients and other agents beyond one client. */
export const agentRows: readonly Row[] = [
  ...actions(agents, ['schema', 'template']),
  {
    method: 'POST',
    path: agents,
    rest: '?_action=create',
    body: { _id: 'shop', ...publicClient },
    before: ({ realm }) => clientKind.remove(realm, 'shop', { by: 'test', condition: anyState }),
    statuses: administrators(201),
  },
  { method: 'GET', path: all, rest: '?_queryFilter=true', statuses: administrators(200) },
  ...actions(all, ['getAllTypes', 'getCreatableTypes', 'nextdescendents']),
  { method: 'GET', path: `${all}/*`, rest: 'WebAgent', statuses: administrators(200) },
  ...actions(`${all}/*`, ['nextdescendents'], 'groups'),
]

/** Of services. */
export const keyRows: readonly Row[] = [
  {
    method: 'GET',
    path: '/parapet/keys',
    rest: '?_queryFilter=true',
    statuses: administrators(200),
  },
  {
    method: 'POST',
    path: '/parapet/keys',
    rest: '?_action=rotate',
    body: { keys: 'mac' },
    statuses: administrators(200),
  },
  { method: 'GET', path: '/parapet/keys/*', rest: 'secret-1', statuses: administrators(200) },
  { method: 'DELETE', path: '/parapet/keys/*', rest: 'none-1', statuses: administrators(404) },
]

export const serviceRows: readonly Row[] = [
  { method: 'GET', path: '/parapet/unserved', statuses: administrators(200) },
  { method: 'GET', path: services, rest: '?_queryFilter=true', statuses: administrators(200) },
  {
    method: 'POST',
    path: services,
    rest: '?_action=nextdescendents',
    statuses: administrators(200),
  },
  { method: 'GET', path: `${services}/oauth-oidc`, statuses: administrators(200) },
  { method: 'PUT', path: `${services}/oauth-oidc`, body: {}, statuses: administrators(200) },
  {
    method: 'POST',
    path: `${services}/oauth-oidc`,
    rest: '?_action=nextdescendents',
    statuses: administrators(200),
  },
  { method: 'DELETE', path: `${services}/oauth-oidc`, statuses: administrators(200) },
  ...actions(`${services}/oauth-oidc`, ['schema', 'template', 'getAllTypes', 'getCreatableTypes']),
  {
    method: 'POST',
    path: `${services}/oauth-oidc`,
    rest: '?_action=create',
    body: {},
    statuses: administrators(201),
  },
  ...actions(services, ['getAllTypes', 'getCreatableTypes']),
  // What the server as a whole has is of the root.
  { method: 'GET', path: '/global-config/services', atRoot: true, statuses: root(200) },
  {
    method: 'POST',
    path: '/global-config/services',
    rest: '?_action=nextdescendents',
    atRoot: true,
    statuses: root(200),
  },
  { method: 'GET', path: '/global-config/services', statuses: administrators(404) },
]
