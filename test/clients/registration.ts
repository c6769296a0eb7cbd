/** Registrations of the clients under test, one for each way to authenticate. */
import { type CryptoKey, generateKeyPair, type JWSAlgorithm } from 'oauth4webapi'
import type { AdminRest } from './admin-rest.ts'
import type { RelyingParty } from './relying-party.ts'

/** A client as it knows itself. */
export interface Registration {
  readonly client_id: string
  readonly method:
    | 'client_secret_basic'
    | 'client_secret_post'
    | 'client_secret_jwt'
    | 'private_key_jwt'
    | 'tls_client_auth'
    | 'self_signed_tls_client_auth'
    | 'none'
  /** Its ID tokens are signed so. */
  readonly id_token_signed_response_alg: string
  readonly client_secret: string
  /** Signs its assertions; the other methods have no use for it. */
  readonly key: { readonly key: CryptoKey; readonly kid: string }
}

interface Row {
  readonly method: Registration['method']
  /** Of assertions. */
  readonly alg?: JWSAlgorithm | 'HS256'
  readonly id_token: string
}

/** Every method and every algorithm of an assertion; ID tokens in every algorithm on the way. */
export const rows = {
  client_secret_basic: { method: 'client_secret_basic', id_token: 'RS256' },
  client_secret_post: { method: 'client_secret_post', id_token: 'ES256' },
  client_secret_jwt: { method: 'client_secret_jwt', alg: 'HS256', id_token: 'ES256' },
  'private_key_jwt, ES256': { method: 'private_key_jwt', alg: 'ES256', id_token: 'ES256' },
  'private_key_jwt, PS256': { method: 'private_key_jwt', alg: 'PS256', id_token: 'PS256' },
  'private_key_jwt, RS256': { method: 'private_key_jwt', alg: 'RS256', id_token: 'RS256' },
  'private_key_jwt, Ed25519': { method: 'private_key_jwt', alg: 'Ed25519', id_token: 'EdDSA' },
  none: { method: 'none', id_token: 'PS256' },
} as const satisfies Readonly<Record<string, Row>>

/** What form encoding and Basic may trip over (RFC 6749 §2.3.1), and long enough for HS256. */
const client_secret = 'p:a%s+s &=w\u00f6rd/\u20ac, 32 bytes or more of it'

/** Registers a client of a realm for every response type and gives it as it knows itself. */
export type Register = (realm: string, row: Row) => Promise<Registration>

/** Registers over AM's JSON. */
export function registrar(admin: AdminRest, party: RelyingParty): Register {
  let count = 0
  return async (realm, { method, alg = 'ES256', id_token }) => {
    const client_id = `client ${++count}`
    const pair = alg === 'HS256' ? 'ES256' : alg
    const { publicKey, privateKey } = await generateKeyPair(pair, { extractable: true })
    const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'first', use: 'sig' }
    const path = `${realm}/realm-config/agents/OAuth2Client/${encodeURIComponent(client_id)}`
    await admin('PUT', path, documentOf(party, { method, alg, id_token }, jwk))
    const key = { key: privateKey, kid: 'first' }
    return { client_id, method, id_token_signed_response_alg: id_token, client_secret, key }
  }
}

/** AM's sections. */
function documentOf(party: RelyingParty, { method, alg, id_token }: Required<Row>, jwk: object) {
  const token = ['token', 'id_token', 'token id_token']
  const code = ['code', 'code token', 'code id_token', 'code token id_token']
  return {
    coreOAuth2ClientConfig: {
      clientType: method === 'none' ? 'Public' : 'Confidential',
      ...(method.startsWith('client_secret') && { userpassword: client_secret }),
      redirectionUris: [party.redirect_uri],
      scopes: ['openid', 'profile', 'email', 'write'],
      clientName: ['Client under test'],
    },
    advancedOAuth2ClientConfig: {
      grantTypes: ['authorization_code', 'implicit', 'refresh_token'],
      responseTypes: [...code, ...token],
      tokenEndpointAuthMethod: method,
      clientUri: [party.home],
    },
    signEncOAuth2ClientConfig: {
      publicKeyLocation: 'jwks',
      jwkSet: JSON.stringify({ keys: [jwk] }),
      tokenEndpointAuthSigningAlgorithm: alg,
      idTokenSignedResponseAlg: id_token,
    },
    coreOpenIDClientConfig: { postLogoutRedirectUri: [party.home] },
  }
}
