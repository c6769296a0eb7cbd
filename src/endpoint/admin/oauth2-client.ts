import type { Endpoint } from '../serve/endpoint.ts'
import { agentActions } from './agent/agent-actions.ts'
import { clientView, inherits } from './client-view.ts'
import { answerCollection, answerObject, forAdministrators } from './collection/collection.ts'

const path = '/realm-config/agents/OAuth2Client'
const actions = agentActions(clientView, inherits)

/** The clients of a realm (PingAM: rest-api-oauth2-client-admin-endpoint). */
export const oauth2Clients: Endpoint = {
  ...forAdministrators,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) => answerCollection(clientView, actions, realm, http),
}

/** One client: read, created or replaced, deleted. */
export const oauth2Client: Endpoint = {
  ...forAdministrators,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) => answerObject(clientView, realm, http),
}
