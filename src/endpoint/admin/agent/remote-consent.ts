import type { Endpoint } from '../../serve/endpoint.ts'
import { answerCollection, answerObject, forAdministrators } from '../collection/collection.ts'
import { agentActions } from './agent-actions.ts'
import { remoteConsentView } from './remote-consent-view.ts'

const path = '/realm-config/agents/RemoteConsentAgent'
const actions = agentActions(remoteConsentView, (name) => name !== 'userpassword')

/** The remote consent services of a realm (PingAM: RemoteConsentAgent). */
export const remoteConsentAgents: Endpoint = {
  ...forAdministrators,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) => answerCollection(remoteConsentView, actions, realm, http),
}

/** One of them: read, created or replaced, deleted. */
export const remoteConsentOne: Endpoint = {
  ...forAdministrators,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) => answerObject(remoteConsentView, realm, http),
}
