import type { JsonObject } from '../../src/base/json.ts'
import { saveClient } from '../../src/client/registration.ts'
import type { Asked, Row } from './index.ts'
import { administrators } from './statuses.ts'

const agents = '/realm-config/agents/OAuth2Client'
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

/** Of services. */
export const serviceRows: readonly Row[] = [
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
]
