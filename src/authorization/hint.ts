import { member } from '../base/json.ts'
import type { Client } from '../client/client.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import { readIdToken } from '../token/id-token.ts'

/**
 * The user an id_token_hint names. It must be an ID token of this realm for this client; that it
 * expired does not matter (OIDC Core §3.1.2.2).
 *
 * @throws OAuthError invalid_request.
 */
export async function verifyHint(realm: Realm, client: Client, hint: string): Promise<string> {
  const claims = await readIdToken(realm, hint)
  const sub = claims === undefined ? undefined : member(claims, 'sub')
  const mine = claims !== undefined && member(claims, 'azp') === client.client_id
  if (typeof sub !== 'string' || !mine) {
    throw new OAuthError('invalid_request', 'Invalid parameter id_token_hint', {
      why: 'hint-invalid',
    })
  }
  return sub
}
