import { oneOf, setting, text, whole } from '../setting.ts'

const keys = 'signEncOAuth2ClientConfig'

/** The client's keys, and the algorithms it uses and wants. */
export const keyMetadata = {
  publicKeyLocation: setting(
    keys,
    'publicKeyLocation',
    oneOf('jwks_uri', 'jwks', 'x509'),
    'jwks_uri',
    'Where the client’s keys are.',
  ),
  jwks_uri: setting(keys, 'jwksUri', text, '', 'RFC 7591 §2.'),
  jwks: setting(keys, 'jwkSet', text, '', 'RFC 7591 §2, as JSON text.'),
  jwksCacheTimeout: setting(
    keys,
    'jwksCacheTimeout',
    whole(0, 2 ** 40),
    3_600_000,
    'Milliseconds a fetched key set is used.',
  ),
  jwkStoreCacheMissCacheTime: setting(
    keys,
    'jwkStoreCacheMissCacheTime',
    whole(0, 2 ** 40),
    60_000,
    'Milliseconds before an unknown key id causes another fetch.',
  ),
  token_endpoint_auth_signing_alg: setting(
    keys,
    'tokenEndpointAuthSigningAlgorithm',
    text,
    'RS256',
    'OIDC Registration §2.',
  ),
  id_token_signed_response_alg: setting(
    keys,
    'idTokenSignedResponseAlg',
    text,
    'RS256',
    'OIDC Registration §2.',
  ),
} as const
