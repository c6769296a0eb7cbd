/** oauth4webapi's calls, each with the processing that belongs to it. */
import * as oauth from 'oauth4webapi'
import type { Registration } from './registration.ts'
import { withQuery } from './relying-party.ts'

const insecure = { [oauth.allowInsecureRequests]: true } as const

/** A client of one server, as the library sees them. */
export interface Party {
  readonly as: oauth.AuthorizationServer
  readonly client: oauth.Client
  readonly authentication: oauth.ClientAuth
}

export async function discover(
  issuer: URL,
  { client_id, client_secret, id_token_signed_response_alg, key, method }: Registration,
  algorithm: 'oidc' | 'oauth2' = 'oidc',
): Promise<Party> {
  const response = await oauth.discoveryRequest(issuer, { algorithm, ...insecure })
  const methods = {
    client_secret_basic: () => oauth.ClientSecretBasic(client_secret),
    client_secret_post: () => oauth.ClientSecretPost(client_secret),
    client_secret_jwt: () => oauth.ClientSecretJwt(client_secret),
    private_key_jwt: () => oauth.PrivateKeyJwt(key),
    tls_client_auth: () => oauth.TlsClientAuth(),
    self_signed_tls_client_auth: () => oauth.TlsClientAuth(),
    none: () => oauth.None(),
  }
  return {
    as: await oauth.processDiscoveryResponse(issuer, response),
    client: { client_id, id_token_signed_response_alg },
    authentication: methods[method](),
  }
}

/** Pushes; gives the URL to open. */
export async function push(
  { as, client, authentication }: Party,
  parameters: Readonly<Record<string, string>>,
): Promise<URL> {
  const response = await oauth.pushedAuthorizationRequest(
    as,
    client,
    authentication,
    new URLSearchParams(parameters),
    insecure,
  )
  const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, response)
  const { client_id } = client
  return withQuery(as.authorization_endpoint ?? '', { client_id, request_uri })
}

/** The code for tokens, the ID token's signature included. */
export async function redeem(
  { as, client, authentication }: Party,
  response: URLSearchParams,
  redirect_uri: string,
  checks: { readonly verifier?: string; readonly nonce?: string; readonly maxAge?: number },
): Promise<oauth.TokenEndpointResponse> {
  const answer = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    authentication,
    response,
    redirect_uri,
    checks.verifier ?? oauth.nopkce,
    insecure,
  )
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, {
    ...(checks.nonce !== undefined && { expectedNonce: checks.nonce, requireIdToken: true }),
    ...(checks.maxAge !== undefined && { maxAge: checks.maxAge }),
  })
  if (tokens.id_token !== undefined) {
    await oauth.validateApplicationLevelSignature(as, answer, insecure)
  }
  return tokens
}

export async function refresh(
  { as, client, authentication }: Party,
  refresh_token: string,
): Promise<oauth.TokenEndpointResponse> {
  const answer = await oauth.refreshTokenGrantRequest(
    as,
    client,
    authentication,
    refresh_token,
    insecure,
  )
  return oauth.processRefreshTokenResponse(as, client, answer)
}

export async function userinfo(
  { as, client }: Party,
  access_token: string,
  sub: string,
): Promise<oauth.UserInfoResponse> {
  const answer = await oauth.userInfoRequest(as, client, access_token, insecure)
  return oauth.processUserInfoResponse(as, client, sub, answer)
}

export async function introspect(
  { as, client, authentication }: Party,
  token: string,
): Promise<oauth.IntrospectionResponse> {
  const answer = await oauth.introspectionRequest(as, client, authentication, token, insecure)
  return oauth.processIntrospectionResponse(as, client, answer)
}

export async function revoke({ as, client, authentication }: Party, token: string): Promise<void> {
  const answer = await oauth.revocationRequest(as, client, authentication, token, insecure)
  await oauth.processRevocationResponse(answer)
}

/** Validates `code id_token` and what contains it; the library has no name for the others. */
export function validateHybrid(
  { as, client }: Party,
  arrival: URL | Request,
  nonce: string,
  state: string,
): Promise<URLSearchParams> {
  return oauth.validateCodeIdTokenResponse(as, client, arrival, nonce, state, undefined, insecure)
}

/** An ID token that came without a code: held to what the library holds one of the token endpoint to. */
export async function validateFrontIdToken(
  { as, client }: Party,
  id_token: string,
  nonce: string,
): Promise<oauth.IDToken | undefined> {
  const answer = Response.json({ access_token: 'none', token_type: 'bearer', id_token })
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
  await oauth.validateApplicationLevelSignature(as, answer, insecure)
  return oauth.getValidatedIdTokenClaims(tokens)
}
