import type { JsonObject } from '../../src/base/json.ts'
import { saveClient } from '../../src/client/registration.ts'
import { clientKind } from '../../src/config/client.ts'
import { keptKind } from '../../src/config/kept/document.ts'
import { keptFolders } from '../../src/config/kept/path.ts'
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
]

const keptBody: JsonObject = { emailPort: 465 }
const makeKept = ({ realm }: Asked): Promise<unknown> =>
  keptKind.save(realm, 'realm-config/services/email', keptBody, { by: 'test', condition: anyState })

/** Of what is only kept. */
export const keptRows: readonly Row[] = [
  { method: 'GET', path: '/parapet/unserved', statuses: administrators(200) },
  ...keptFolders.flatMap((folder): readonly Row[] => {
    const path = `/${folder}/*`
    const ofAll = folder === 'global-config'
    const statuses = (status: number): Row['statuses'] =>
      ofAll ? root(status) : administrators(status)
    const at = ofAll ? ({ atRoot: true } as const) : {}
    return [
      { method: 'GET', path, rest: 'any?_queryFilter=true', ...at, statuses: statuses(200) },
      { method: 'POST', path, rest: 'any?_action=nextdescendents', ...at, statuses: statuses(200) },
      {
        method: 'POST',
        path,
        rest: 'any?_action=create',
        body: keptBody,
        ...at,
        statuses: statuses(201),
      },
      {
        method: 'PUT',
        path,
        rest: 'any/thing',
        body: keptBody,
        before: dropKept(`${folder}/any/thing`),
        ...at,
        statuses: statuses(201),
      },
      { method: 'DELETE', path, rest: 'none/there', ...at, statuses: statuses(404) },
      ...(folder.endsWith('-config')
        ? []
        : ([
            {
              method: 'GET',
              path: `/${folder}`,
              rest: '?_queryFilter=true',
              statuses: administrators(200),
            },
            {
              method: 'POST',
              path: `/${folder}`,
              rest: '?_action=create',
              body: keptBody,
              statuses: administrators(201),
            },
          ] as const)),
    ]
  }),
  // At a realm's URL it is the root's all the same.
  {
    method: 'GET',
    path: '/global-config/*',
    rest: 'any?_queryFilter=true',
    statuses: [401, 403, 403, 404, 403, 403, 404, 200],
  },
  {
    method: 'DELETE',
    path: '/realm-config/*',
    rest: 'services/email',
    before: makeKept,
    statuses: administrators(200),
  },
]

function dropKept(path: string): NonNullable<Row['before']> {
  return async ({ realm, root: whole }) => {
    const change = { by: 'test', condition: anyState } as const
    await keptKind.remove(path.startsWith('global-config') ? whole : realm, path, change)
  }
}
