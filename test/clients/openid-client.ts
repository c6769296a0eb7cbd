/** openid-client as its documentation starts it, with every check it has switched on. */
import * as client from 'openid-client'
import type { Registration } from './registration.ts'

function authentication({ method, client_secret, key }: Registration): client.ClientAuth {
  const methods = {
    client_secret_basic: () => client.ClientSecretBasic(client_secret),
    client_secret_post: () => client.ClientSecretPost(client_secret),
    client_secret_jwt: () => client.ClientSecretJwt(client_secret),
    private_key_jwt: () => client.PrivateKeyJwt(key),
    tls_client_auth: () => client.TlsClientAuth(),
    self_signed_tls_client_auth: () => client.TlsClientAuth(),
    none: () => client.None(),
  }
  return methods[method]()
}

export function discover(
  issuer: URL,
  registration: Registration,
  algorithm: 'oidc' | 'oauth2' = 'oidc',
): Promise<client.Configuration> {
  const { client_id, id_token_signed_response_alg } = registration
  return client.discovery(
    issuer,
    client_id,
    { id_token_signed_response_alg },
    authentication(registration),
    { algorithm, execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
  )
}
