import * as realm from '../check/realm.ts'
import * as registration from '../check/registration.ts'
import * as request from '../check/request.ts'
import type { Rule } from '../rule.ts'
import { realmRules, registrationRules, requestRules } from '../rule.ts'

/** FAPI 2.0 Security Profile, Final (February 2025). */
export const fapi2SecurityProfile: readonly Rule[] = [
  ...realmRules(
    ['https', '§5.2.1', 'The server is reached by TLS.', realm.httpsIssuer],
    ['password-grant', '§5.3.2.1-2', 'There is no password grant.', registration.noPasswordGrant],
    ['refresh-rotation', '§5.3.2.1-9', 'Refresh tokens are not rotated.', realm.noRotation],
    ['code-lifetime', '§5.3.2.1-11', 'Codes live for 60 seconds at most.', realm.shortCodes],
    ['see-other', '§5.3.2.2-11', 'A redirect that answers a form is a 303.', realm.seeOther],
    [
      'par-lifetime',
      '§5.3.2.2-12',
      'A request_uri lives for less than 600 seconds.',
      realm.shortReferences,
    ],
  ),
  ...registrationRules(
    [
      'confidential',
      '§5.3.2.1-3',
      'The client is a confidential one.',
      registration.isConfidential,
    ],
    [
      'sender-constrained',
      '§5.3.2.1-4',
      'Only access tokens that are tied to a key are issued.',
      registration.tiesTokens,
    ],
    [
      'client-authentication',
      '§5.3.2.1-6',
      'The client proves itself by private_key_jwt or a certificate.',
      registration.fapiMethod,
    ],
    [
      'assertion-audience',
      '§5.3.2.1-8',
      'Of client assertions only those are taken whose aud is the issuer, as a text.',
      registration.issuerAudience,
    ],
    ['response-type', '§5.3.2.2-1', 'The only response type is code.', registration.onlyCode],
    ['pushed', '§5.3.2.2-3', 'Only pushed requests are taken.', registration.requiresPushed],
    [
      'challenge',
      '§5.3.2.2-5',
      'Requests without a code_challenge are refused.',
      registration.requiresChallenge,
    ],
    ['challenge-method', '§5.3.2.2-5', 'The only challenge method is S256.', registration.onlyS256],
    [
      'redirect-uri',
      '§5.3.2.2-6',
      'Requests without a redirect_uri are refused.',
      registration.requiresRedirectUri,
    ],
    [
      'redirect-https',
      '§5.3.2.2-8',
      'Redirect URIs are https, but for those of native applications on their own machine.',
      registration.httpsRedirects,
    ],
    [
      'algorithms',
      '§5.4.1',
      'What is signed is signed with PS256, ES256 or EdDSA.',
      registration.fapiSigning,
    ],
    ['jwks-https', '§5.4.2', 'Keys are fetched by TLS.', registration.httpsKeys],
  ),
  ...requestRules(
    ['request-pushed', '§5.3.2.2-3', 'The request is pushed.', request.isPushed],
    [
      'request-reference',
      '§5.3.3.1',
      'Beside a request_uri the browser brings the client_id and nothing else.',
      request.onlyReference,
    ],
    ['request-response-type', '§5.3.2.2-1', 'The response_type is code.', request.asksForCode],
    ['request-challenge', '§5.3.2.2-5', 'The request has a code_challenge.', request.hasChallenge],
    [
      'request-challenge-method',
      '§5.3.2.2-5',
      'The code_challenge_method is S256.',
      request.byS256,
    ],
    [
      'request-redirect-uri',
      '§5.3.2.2-6',
      'The request has a redirect_uri.',
      request.namesRedirectUri,
    ],
    [
      'request-redirect-https',
      '§5.3.2.2-8',
      'The redirect_uri is https, but for one of a native application on its own machine.',
      request.httpsRedirectUri,
    ],
    [
      'request-assertion-audience',
      '§5.3.3.1',
      'The aud of the client assertion is the issuer, as a text.',
      request.assertionForIssuer,
    ],
    [
      'request-assertion-algorithm',
      '§5.4.1',
      'The client assertion is signed with PS256, ES256 or EdDSA.',
      request.assertionAlgorithm,
    ],
    [
      'request-object-algorithm',
      '§5.4.1',
      'The request object is signed with PS256, ES256 or EdDSA.',
      request.objectAlgorithm,
    ],
    [
      'request-key-address',
      '§5.4.3',
      'No header of a JWT says where its key is to be fetched.',
      request.noKeyAddresses,
    ],
  ),
]
