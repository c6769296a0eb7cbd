/**
 * oidc-provider, set up to do the same work. With the argument `map` its data are in a bare Map, with the URL of
 * a Redis there; without,
 * in the store it has by default, which keeps the last thousand or two of entries. That is its own and
 * as cheap for pushes; but it walks all tokens of a grant for each new one, and one user's loops, one
 * after the other, cost more and more. A second argument `proofs` switches on DPoP and JARM, which it otherwise need not look for, `certificates` those of clients.
 */
import { createServer } from 'node:http'
import Provider, {
  type ClientAuthMethod,
  type ClientMetadata,
  type KoaContextWithOIDC,
} from 'oidc-provider'
import {
  certificate,
  certificateHeader,
  clientIds,
  privateJwk,
  publicJwk,
  redirect_uri,
  secret,
} from './clients.ts'
import { mapAdapter } from './map-adapter.ts'
import { redisAdapter } from './redis-adapter.ts'
import { benched } from './server.ts'

const [, , place, proofs] = process.argv
const shared = {
  redirect_uris: [redirect_uri],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
  id_token_signed_response_alg: 'ES256' as const,
  // There is no key for what it would be otherwise.
  ...(proofs === 'proofs' ? { authorization_signed_response_alg: 'ES256' as const } : {}),
}
const server = createServer()
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as { port: number }
const issuer = `http://localhost:${port}`
const grants = new Map<string, InstanceType<Provider['Grant']>>()
const mTLS = {
  enabled: true,
  certificateBoundAccessTokens: true,
  selfSignedTlsClientAuth: true,
  getCertificate(ctx: KoaContextWithOIDC): string | undefined {
    const handedOn = ctx.get(certificateHeader)
    return handedOn === '' ? undefined : decodeURIComponent(handedOn)
  },
}
const certifiedMethods: ClientAuthMethod[] = [
  'client_secret_basic',
  'private_key_jwt',
  'self_signed_tls_client_auth',
  'none',
]
const provider = new Provider(issuer, {
  ...(place === undefined ? {} : { adapter: place === 'map' ? mapAdapter : redisAdapter(place) }),
  clients: [
    {
      ...shared,
      client_id: clientIds.basic,
      client_secret: secret,
      token_endpoint_auth_method: 'client_secret_basic',
    },
    {
      ...shared,
      client_id: clientIds.private_key_jwt,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicJwk] },
    },
    { ...shared, client_id: clientIds.public, token_endpoint_auth_method: 'none' },
    ...(proofs === 'proofs' ? provingClients() : []),
    ...(proofs === 'certificates' ? [certifiedClient()] : []),
    ...[clientIds.object, clientIds.nested].map((client_id) => ({
      ...shared,
      client_id,
      token_endpoint_auth_method: 'private_key_jwt' as const,
      request_object_signing_alg: 'ES256' as const,
      jwks: { keys: [publicJwk] },
    })),
  ],
  jwks: {
    keys: [
      { ...privateJwk, kid: 'server' },
      { ...privateJwk, kid: 'encryption', use: 'enc', alg: 'ECDH-ES' },
    ],
  },
  cookies: { keys: ['bench'] },
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true },
    requestObjects: { enabled: true },
    encryption: { enabled: true },
    ...(proofs === 'proofs'
      ? { dPoP: { enabled: true }, jwtResponseModes: { enabled: true } }
      : {}),
    ...(proofs === 'certificates' ? { mTLS } : {}),
  },
  ...(proofs === 'certificates' ? { clientAuthMethods: certifiedMethods } : {}),
  enabledJWA: {
    idTokenSigningAlgValues: ['ES256'],
    requestObjectSigningAlgValues: ['ES256'],
    requestObjectEncryptionAlgValues: ['ECDH-ES'],
    authorizationSigningAlgValues: ['ES256'],
  },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  // One grant per session and client, as for a user who agreed before.
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc
    const clientId = client?.clientId ?? ''
    const holder = `${session?.uid} ${clientId}`
    const known = grants.get(holder)
    if (known !== undefined) return known
    const grant = new ctx.oidc.provider.Grant({ clientId, accountId: session?.accountId })
    grant.addOIDCScope('openid profile')
    grants.set(holder, grant)
    await grant.save()
    return grant
  },
})
const callback = provider.callback()
server.on('request', (request, response) => {
  if (request.url?.startsWith('/interaction/')) {
    void provider.interactionFinished(request, response, { login: { accountId: 'demo' } })
  } else void callback(request, response)
})
benched(issuer)

/** Clients with proofs of possession, and with answers that are JWTs. */
function provingClients(): ClientMetadata[] {
  const proving = {
    ...shared,
    token_endpoint_auth_method: 'private_key_jwt' as const,
    jwks: { keys: [publicJwk] },
  }
  return [
    { ...proving, client_id: clientIds.dpop, dpop_bound_access_tokens: true },
    { ...proving, client_id: clientIds.jarm },
  ]
}

/** A client by a certificate of its own, to which its tokens are tied. */
function certifiedClient(): ClientMetadata {
  return {
    ...shared,
    client_id: clientIds.mtls,
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    tls_client_certificate_bound_access_tokens: true,
    jwks: { keys: [{ ...publicJwk, x5c: [certificate] }] },
  }
}
