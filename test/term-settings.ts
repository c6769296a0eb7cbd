/** What settings are tried with where every combination of what decides a term is tried. */
const algorithms = [['RS256'], ['RS256', 'ES256', 'EdDSA', 'Ed25519']]
const grants = [['authorization_code'], ['authorization_code', 'implicit', 'refresh_token']]

/** What settings are set to that are neither switches nor numbers. */
export const settingsTried: Readonly<Record<string, readonly unknown[]>> = {
  redirect_uris: [
    [
      ...['https://rp.example/cb', 'http://127.0.0.1/cb', 'http://rp.example/cb'],
      ...['com.example.app:/cb', 'app:/cb'],
    ],
  ],
  clientType: ['Public', 'Confidential'],
  token_endpoint_auth_method: [
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt',
    'none',
  ],
  codeVerifierEnforced: ['', 'true', 'public', 'passwordless', 'false'],
  senderConstraint: ['none', 'dpop', 'mtls', 'either'],
  response_types: [['code'], ['code', 'token', 'id_token', 'code id_token']],
  grantTypes: grants,
  grant_types: grants,
  token_endpoint_auth_signing_alg: ['RS256', 'ES256', 'EdDSA'],
  request_object_signing_alg: ['', 'RS256', 'Ed25519'],
  assertionAudience: ['', 'legacy', 'issuer', 'issuer-string'],
  requestObjectProcessing: ['JAR', 'OIDC'],
  userinfoResponseFormat: ['JSON', 'SIGNED_JWT', 'ENCRYPTED_JWT', 'SIGNED_THEN_ENCRYPTED_JWT'],
  tokenIntrospectionResponseFormat: ['JSON', 'SIGNED_JWT', 'SIGNED_THEN_ENCRYPTED_JWT'],
  remoteConsentServiceId: ['one', 'another'],
  accessTokenTyp: ['at+jwt', 'JWT'],
  tokenSigningAlgorithm: ['RS256', 'PS256', 'HS256'],
}

/** The same by how a setting’s name ends. */
export const endingsTried: readonly (readonly [RegExp, readonly unknown[]])[] = [
  [/SigningAlgorithms$/, algorithms],
  [/EncryptionAlgorithms$/, [['RSA-OAEP-256'], ['RSA-OAEP-256', 'ECDH-ES']]],
  [/Encryption(?:Enc|Methods)$/, [['A128CBC-HS256'], ['A128CBC-HS256', 'A256GCM']]],
  [/_signed_response_alg$/, ['RS256', 'ES256']],
  [/_encryption_alg$|_encrypted_response_alg$/, ['', 'ECDH-ES']],
  [/_encryption_enc$|_encrypted_response_enc$/, ['', 'A256GCM']],
  [/[sS]copes$|ACR$|acr_values$/, [[], ['a'], ['b', 'c']]],
]
