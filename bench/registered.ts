/** What the benched realm and its clients are set to, by whoever stores them. */
import type { JsonObject } from '../src/base/json.ts'
import { certificateHeader, publicJwk, redirect_uri } from './clients.ts'

/** A realm with room for as many pushes as are made, whose pushes live for so many seconds. */
export function realmDocument(lifetime: number): JsonObject {
  return {
    coreOAuth2Config: { statelessTokensEnabled: false },
    advancedOAuth2Config: {
      parRequestUriLifetime: lifetime,
      tlsClientCertificateTrustedHeader: certificateHeader,
    },
    parapetConfig: {
      parOutstandingPushes: 100_000_000,
      parOutstandingBytes: 2 ** 40,
      // All of them come from one address.
      journeySourcePerSecond: 0,
    },
  }
}

/** How a client proves itself: `none` is a public one. */
export type BenchedMethod =
  | 'client_secret_basic'
  | 'private_key_jwt'
  | 'self_signed_tls_client_auth'
  | 'none'

/** A client that asks nobody for consent. `signing`: what it has beside its keys of what is signed. */
export function clientDocument(
  method: BenchedMethod,
  grantTypes: readonly string[],
  signing: JsonObject = {},
): JsonObject {
  return {
    coreOAuth2ClientConfig: {
      clientType: method === 'none' ? 'Public' : 'Confidential',
      redirectionUris: [redirect_uri],
      scopes: ['openid', 'profile'],
    },
    advancedOAuth2ClientConfig: {
      grantTypes: [...grantTypes],
      responseTypes: ['code'],
      tokenEndpointAuthMethod: method,
      isConsentImplied: true,
    },
    signEncOAuth2ClientConfig: {
      publicKeyLocation: 'jwks',
      jwkSet: JSON.stringify({ keys: [publicJwk] }),
      tokenEndpointAuthSigningAlgorithm: 'ES256',
      ...signing,
    },
  }
}
