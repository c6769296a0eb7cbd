import type { Endpoint } from '../serve/endpoint.ts'
import { remoteConsentAgents, remoteConsentOne } from './agent/remote-consent.ts'
import { agents } from './agents.ts'
import { detailsType, detailsTypes } from './details/details-type.ts'
import { group, groups } from './groups.ts'
import { authentication } from './journey/authentication.ts'
import { nodes, nodesOfType } from './journey/nodes.ts'
import { script, scripts } from './journey/scripts.ts'
import { tree, trees } from './journey/trees.ts'
import { key, keys } from './keys.ts'
import { oauthOidc, realmServices } from './oauth-oidc.ts'
import { oauth2Client, oauth2Clients } from './oauth2-client.ts'
import { globalRealm, globalRealms } from './realms.ts'
import { resource, resources } from './resource/resource.ts'
import { user, users } from './users.ts'

/** AM's configuration API, as far as it is served. */
export const realmConfig: readonly Endpoint[] = [
  oauth2Clients,
  oauth2Client,
  remoteConsentAgents,
  remoteConsentOne,
  agents,
  oauthOidc,
  realmServices,
  globalRealms,
  globalRealm,
  keys,
  key,
  detailsTypes,
  detailsType,
  resources,
  resource,
  users,
  user,
  groups,
  group,
  authentication,
  trees,
  tree,
  nodes,
  nodesOfType,
  scripts,
  script,
]
