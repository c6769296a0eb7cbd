import { remoteConsentKind } from '../../src/config/agent/remote-consent.ts'
import { anyState } from '../../src/config/kind.ts'
import type { Asked, Row } from './index.ts'
import { administrators } from './statuses.ts'

const remoteAgents = '/realm-config/agents/RemoteConsentAgent'

const makeAgent = ({ realm }: Asked): Promise<unknown> =>
  remoteConsentKind.save(realm, 'rcs', {}, { by: 'test', condition: anyState })

/** Of remote consent services. */
export const remoteConsentRows: readonly Row[] = [
  { method: 'GET', path: remoteAgents, rest: '?_queryFilter=true', statuses: administrators(200) },
  ...(['GET', 'PUT', 'DELETE'] as const).map((method) => ({
    method,
    path: `${remoteAgents}/*`,
    rest: 'rcs',
    before: makeAgent,
    ...(method === 'PUT' ? { body: {} } : {}),
    statuses: administrators(200),
  })),
  ...['schema', 'template'].map((name) => ({
    method: 'POST',
    path: remoteAgents,
    rest: `?_action=${name}`,
    statuses: administrators(200),
  })),
  {
    method: 'POST',
    path: remoteAgents,
    rest: '?_action=create',
    body: { _id: 'rcs' },
    before: ({ realm }) =>
      remoteConsentKind.remove(realm, 'rcs', { by: 'test', condition: anyState }),
    statuses: administrators(201),
  },
]
