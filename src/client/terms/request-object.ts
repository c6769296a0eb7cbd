import type { JweAlg, JweEnc, JwsAlg } from '../../jose/algorithm.ts'
import { isJweAlg, isJweEnc, isJwsAlg, jwsAlgorithm } from '../../jose/algorithm.ts'
import type { Profile } from '../../protocol/profile.ts'
import { byProfile, term } from './row.ts'

/** What is asked of signed requests (RFC 9101). */
export const requestObjectTerms = {
  request_object_signing: term(
    {
      profile: ['request_object_algorithms'],
      realm: ['supportedRequestParameterSigningAlgorithms'],
      client: ['request_object_signing_alg'],
    },
    'what all of them have; `EdDSA` and `Ed25519` are one',
    'RFC 9101 §6, OIDC Registration §2',
    'What request objects may be signed with.',
    (
      { request_object_algorithms: allowed },
      { supportedRequestParameterSigningAlgorithms: served },
      client,
    ): readonly JwsAlg[] => {
      const signed = client?.request_object_signing_alg ?? ''
      return served
        .filter(isJwsAlg)
        .filter((alg) => allowed === 'any' || allowed.includes(alg))
        .filter((alg) => signed === '' || sameAlgorithm(alg, signed))
    },
  ),
  request_object_encryption: term(
    {
      realm: ['supportedRequestParameterEncryptionAlgorithms'],
      client: ['request_object_encryption_alg'],
    },
    'what all of them have',
    'RFC 9101 §6, OIDC Registration §2',
    'How the key of an encrypted request object may be wrapped.',
    (_, { supportedRequestParameterEncryptionAlgorithms: served }, client): readonly JweAlg[] => {
      const wrapped = client?.request_object_encryption_alg ?? ''
      return served.filter(isJweAlg).filter((alg) => wrapped === '' || alg === wrapped)
    },
  ),
  request_object_content: term(
    {
      realm: ['supportedRequestParameterEncryptionEnc'],
      client: ['request_object_encryption_alg', 'request_object_encryption_enc'],
    },
    'what all of them have; the client’s counts beside an algorithm',
    'RFC 9101 §6, OIDC Registration §2',
    'What the content of an encrypted request object may be encrypted with.',
    (_, { supportedRequestParameterEncryptionEnc: served }, client): readonly JweEnc[] => {
      const wrapped = client?.request_object_encryption_alg ?? ''
      const enc = client?.request_object_encryption_enc ?? ''
      return served.filter(isJweEnc).filter((each) => wrapped === '' || enc === '' || each === enc)
    },
  ),
  request_object_audience: byProfile(
    'request_object_audience',
    'RFC 9101 §4, FAPI 2.0 Message Signing §5.3.1',
    'Whether the issuer must be among the audiences of a request object.',
  ),
  request_object_required: term(
    {
      profile: ['request_object_times'],
      realm: ['expClaimRequiredInRequestObject', 'nbfClaimRequiredInRequestObject'],
    },
    'both where the profile says `hour`; else the realm',
    'FAPI 2.0 Message Signing §5.3.1, PingAM: services-configuration',
    'Which times a request object must have.',
    ({ request_object_times }, realm): readonly ('exp' | 'nbf')[] => {
      const hour = request_object_times === 'hour'
      return [
        ...(hour || realm.expClaimRequiredInRequestObject ? (['exp'] as const) : []),
        ...(hour || realm.nbfClaimRequiredInRequestObject ? (['nbf'] as const) : []),
      ]
    },
  ),
  request_object_span: term(
    {
      profile: ['request_object_times'],
      realm: ['maxDifferenceBetweenRequestObjectNbfAndExp'],
    },
    'the realm’s minutes, without end where 0; an hour at most where the profile says `hour`',
    'FAPI 2.0 Message Signing §5.3.1, PingAM: services-configuration',
    'Seconds there may be from `nbf` to `exp` of a request object.',
    ({ request_object_times }, realm) =>
      atMost(request_object_times, realm.maxDifferenceBetweenRequestObjectNbfAndExp),
  ),
  request_object_age: term(
    { profile: ['request_object_times'], realm: ['maxAgeOfRequestObjectNbfClaim'] },
    'the realm’s minutes, without end where 0; an hour at most where the profile says `hour`',
    'FAPI 2.0 Message Signing §5.3.1, PingAM: services-configuration',
    'Seconds ago that the `nbf` of a request object may be.',
    ({ request_object_times }, realm) =>
      atMost(request_object_times, realm.maxAgeOfRequestObjectNbfClaim),
  ),
  request_object_processing: term(
    {
      profile: ['request_object_processing'],
      realm: [
        'requireSignedRequestObject',
        'requestObjectProcessing',
        'requestObjectProcessingEnforced',
      ],
      client: ['require_signed_request_object'],
    },
    '`jar` as soon as one of them has it or wants only what is signed; else the realm',
    'RFC 9101 §6.3, OIDC Core §6.1, PingAM: oauth2-parameters',
    'Whether parameters beside a request object count: never (`jar`), always (`openid`), or as the request looks (`either`).',
    (profile, realm, client): 'jar' | 'openid' | 'either' => {
      if (realm.requireSignedRequestObject || client?.require_signed_request_object === true)
        return 'jar'
      if (profile.request_object_processing === 'jar') return 'jar'
      if (realm.requestObjectProcessing === 'JAR') return 'jar'
      return realm.requestObjectProcessingEnforced ? 'openid' : 'either'
    },
  ),
} as const

/** PingAM counts in minutes, 0 for without end. */
function atMost(profile: Profile['request_object_times'], minutes: number): number {
  const longest = profile === 'hour' ? 3600 : Infinity
  return minutes === 0 ? longest : Math.min(longest, minutes * 60)
}

/** `EdDSA` and `Ed25519` are one. */
function sameAlgorithm(a: string, b: string): boolean {
  const row = jwsAlgorithm(a)
  return row !== undefined && row === jwsAlgorithm(b)
}
