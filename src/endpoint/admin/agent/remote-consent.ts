import type { Endpoint } from '../../serve/endpoint.ts'
import { agentActions, answerAgent, answerAgents, ofAgents } from './collection.ts'
import { remoteConsentView } from './remote-consent-view.ts'

const path = '/realm-config/agents/RemoteConsentAgent'
const actions = agentActions(remoteConsentView, (name) => name !== 'userpassword')

/** The remote consent services of a realm (PingAM: RemoteConsentAgent). */
export const remoteConsentAgents: Endpoint = {
  ...ofAgents,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) => answerAgents(remoteConsentView, actions, realm, http),
}

/** One of them: read, created or replaced, deleted. */
export const remoteConsentOne: Endpoint = {
  ...ofAgents,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) => answerAgent(remoteConsentView, realm, http),
}
