import { flag, oneOf, setting, text, whole } from '../setting.ts'
import { keeping, keptBefore } from '../unserved.ts'
import { orNone, textOf } from '../value/text.ts'
import { webUri } from '../value/uri-rule.ts'

const keys = 'signEncOAuth2ClientConfig'
const own = 'parapetClientConfig'

/** The client's keys, and the algorithms it uses and wants. */
export const keyMetadata = {
  publicKeyLocation: setting(
    keys,
    'publicKeyLocation',
    oneOf('jwks_uri', 'jwks', 'x509'),
    'jwks_uri',
    'Where the client’s keys are.',
  ),
  jwks_uri: keeping(setting(keys, 'jwksUri', textOf(orNone(webUri)), '', 'RFC 7591 §2.'), {
    stops: 'keys',
    keeps: (v) =>
      typeof v === 'string' && webUri.wrong(v.replace(/^http:/, 'https:')) === undefined,
  }),
  jwks: setting(keys, 'jwkSet', text, '', 'RFC 7591 §2, as JSON text.'),
  clientJwtPublicKey: setting(
    keys,
    'clientJwtPublicKey',
    text,
    '',
    'Certificate or public key, as PEM, where publicKeyLocation is x509.',
  ),
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
  request_object_signing_alg: setting(
    keys,
    'requestParameterSignedAlg',
    text,
    '',
    'OIDC Registration §2; empty: any that is served.',
  ),
  request_object_encryption_alg: setting(
    keys,
    'requestParameterEncryptedAlg',
    text,
    '',
    'OIDC Registration §2; empty: any that is served. Objects need not be encrypted.',
  ),
  request_object_encryption_enc: setting(
    keys,
    'requestParameterEncryptedEncryptionAlgorithm',
    text,
    'A128CBC-HS256',
    'OIDC Registration §2; counts if requestParameterEncryptedAlg is set.',
  ),
  tls_client_auth_subject_dn: setting(
    keys,
    'mTLSSubjectDN',
    text,
    '',
    'RFC 8705 §2.1.2. With none of the five: `CN=<client_id>`.',
  ),
  tls_client_auth_san_dns: setting(own, 'tls_client_auth_san_dns', text, '', 'RFC 8705 §2.1.2.'),
  tls_client_auth_san_uri: setting(own, 'tls_client_auth_san_uri', text, '', 'RFC 8705 §2.1.2.'),
  tls_client_auth_san_ip: setting(own, 'tls_client_auth_san_ip', text, '', 'RFC 8705 §2.1.2.'),
  tls_client_auth_san_email: setting(
    own,
    'tls_client_auth_san_email',
    text,
    '',
    'RFC 8705 §2.1.2.',
  ),
  mTLSTrustedCert: setting(
    keys,
    'mTLSTrustedCert',
    text,
    '',
    'Certificates of `self_signed_tls_client_auth` as PEM; those in the client’s key set count too.',
  ),
  tls_client_certificate_bound_access_tokens: keptBefore(
    setting(
      keys,
      'mTLSCertificateBoundAccessTokens',
      flag,
      false,
      'RFC 8705 §3.4: only access tokens that are tied to the certificate the client shows.',
    ),
    'all',
  ),
  id_token_signed_response_alg: setting(
    keys,
    'idTokenSignedResponseAlg',
    text,
    'RS256',
    'OIDC Registration §2.',
  ),
} as const
