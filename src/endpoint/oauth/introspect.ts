import { json } from '../../base/http.ts'
import { servedAssertionAlgorithms, servedMethods } from '../../client/method/index.ts'
import { invalidClient } from '../../client/refusal.ts'
import { refuseUnserved } from '../../client/unserved.ts'
import { OAuthError } from '../../protocol/error.ts'
import { introspect as introspectToken } from '../../token/introspect.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { clientCall } from './client-call.ts'

/** Token introspection endpoint, RFC 7662 §2; for clients that can prove themselves. */
export const introspect: Endpoint = {
  path: '/introspect',
  under: 'oauth2',
  methods: ['POST'],
  errors: 'oauth',
  cors: true,
  metadata: (url, realm) => ({
    introspection_endpoint: url,
    introspection_endpoint_auth_methods_supported: servedMethods(realm).filter(
      (name) => name !== 'none',
    ),
    introspection_endpoint_auth_signing_alg_values_supported: servedAssertionAlgorithms(realm),
  }),

  handle: clientCall({
    spends: false,
    async answer(realm, { http, form, client }) {
      if (client.clientType === 'Public') {
        const why = 'public-client-introspects'
        throw invalidClient(realm, http, client, { why, reason: 'public client' })
      }
      const token = form.get('token')
      if (token === undefined) throw new OAuthError('invalid_request', 'Missing parameters: token')
      refuseUnserved(realm, client, ['introspection'])
      return json(200, await introspectToken(realm, client, token))
    },
  }),
}
