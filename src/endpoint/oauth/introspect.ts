import { json } from '../../base/http.ts'
import { authenticateClient } from '../../client/authenticate.ts'
import { servedAssertionAlgorithms, servedMethods } from '../../client/method/index.ts'
import { invalidClient } from '../../client/refusal.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readForm } from '../../protocol/parameter.ts'
import { introspect as introspectToken } from '../../token/introspect.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { refuseDpop } from './dpop.ts'

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

  async handle(realm, http) {
    const form = readForm(http)
    const { client, singleUse: mark } = await authenticateClient(realm, http, form)
    refuseDpop(http)
    await mark?.spend()
    if (client.clientType === 'Public') throw invalidClient(realm, http, client, 'public client')
    const token = form.get('token')
    if (token === undefined) throw new OAuthError('invalid_request', 'Missing parameters: token')
    return json(200, await introspectToken(realm, client, token))
  },
}
