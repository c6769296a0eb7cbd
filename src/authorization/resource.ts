import type { Client } from '../client/client.ts'
import { scopeAt } from '../client/resource/audience.ts'
import { requestedResources } from '../client/resource/requested.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import type { Realm } from '../realm/realm.ts'

/**
 * RFC 8707 §2.1: each resource of a request is one that there is and that the client may ask for, and the scope means
 * something at one of them.
 *
 * @throws OAuthError invalid_target or invalid_scope.
 */
export async function requireResources(
  realm: Realm,
  client: Client,
  request: AuthorizationRequest,
  resource: readonly string[],
): Promise<AuthorizationRequest> {
  scopeAt(await requestedResources(realm, client, resource), request.scope)
  return request
}
