import type { Endpoint } from '../serve/endpoint.ts'
import { agentActions, answerAgent, answerAgents, ofAgents } from './agent/collection.ts'
import { clientView, inherits } from './client-view.ts'

const path = '/realm-config/agents/OAuth2Client'
const actions = agentActions(clientView, inherits)

/** The clients of a realm (PingAM: rest-api-oauth2-client-admin-endpoint). */
export const oauth2Clients: Endpoint = {
  ...ofAgents,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) => answerAgents(clientView, actions, realm, http),
}

/** One client: read, created or replaced, deleted. */
export const oauth2Client: Endpoint = {
  ...ofAgents,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) => answerAgent(clientView, realm, http),
}
