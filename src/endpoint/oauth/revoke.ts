import { json } from '../../base/http.ts'
import { servedAssertionAlgorithms, servedMethods } from '../../client/method/index.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { revokeToken } from '../../token/revoke.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { clientCall } from './client-call.ts'

/** Token revocation endpoint, RFC 7009 §2. */
export const revoke: Endpoint = {
  path: '/token/revoke',
  under: 'oauth2',
  methods: ['POST'],
  errors: 'oauth',
  cors: true,
  always: true,
  metadata: (url, realm) => ({
    revocation_endpoint: url,
    revocation_endpoint_auth_methods_supported: servedMethods(realm),
    revocation_endpoint_auth_signing_alg_values_supported: servedAssertionAlgorithms(realm),
  }),

  handle: clientCall({
    spends: false,
    refused: withoutChallenge,
    async answer(realm, { form, client }) {
      const token = form.get('token')
      if (token === undefined) throw new OAuthError('invalid_request', 'Missing parameters: token')
      await revokeToken(realm, client, token)
      return json(200, {})
    },
  }),
}

/**
 * PingAM (token-revoke): 400 however the client tried to prove itself. By the realm's profile, so that
 * the answer does not tell a client that is unknown from one whose secret is wrong.
 */
function withoutChallenge(realm: Realm, error: unknown): unknown {
  const status = realm.profile.revoke_invalid_client
  if (status === 'rfc' || !(error instanceof OAuthError) || error.code !== 'invalid_client')
    return error
  const { headers: _challenge, ...detail } = error.detail
  return new OAuthError(error.code, error.description, { ...detail, status })
}
