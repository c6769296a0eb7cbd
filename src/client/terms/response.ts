import type { JweAlg, JweEnc, JwsAlg } from '../../jose/algorithm.ts'
import type { ClientMetadata } from '../../protocol/client-metadata.ts'
import type { Profile } from '../../protocol/profile.ts'
import {
  answerSignatures,
  contentEncryptions,
  keyManagements,
} from '../../protocol/value/algorithm.ts'
import type { OAuth2Provider } from '../../realm/oauth2-provider.ts'
import { type AnswerKind, wantedAnswers } from '../answers.ts'
import { anyOf, overridable, permits, type Term, term } from './row.ts'

/**
 * What answers of one kind may be made with when they are JWTs. Of a client: what it has registered, each
 * list with that one or, where realm and profile have it not, with nothing. Without one: all that is offered.
 */
export interface AnswerAlgorithms {
  /** Whether the client wants them signed, and encrypted. */
  readonly signed: boolean
  readonly encrypted: boolean
  readonly signing: readonly JwsAlg[]
  readonly alg: readonly JweAlg[]
  readonly enc: readonly JweEnc[]
}

/** A setting of the realm that lists algorithms. */
type Listing = {
  [K in keyof OAuth2Provider]: OAuth2Provider[K] extends readonly string[] ? K : never
}[keyof OAuth2Provider]

const together =
  'what all of them have; the profile’s first where the client’s algorithm is not among the profile’s'

/** The row of one kind of answers. */
function answers(
  kind: AnswerKind,
  realm: readonly [signing: Listing | undefined, alg: Listing, enc: Listing],
  client: readonly (keyof ClientMetadata)[],
  section: string,
  says: string,
): Term<AnswerAlgorithms> {
  const [signing, alg, enc] = realm
  const lists = realm.filter((name) => name !== undefined)
  return term(
    { profile: ['token_algorithms'], realm: lists, client },
    together,
    section,
    says,
    (profile, provider, metadata) => {
      const offered = {
        signing: signing === undefined ? [] : allowedOf(profile, provider[signing]),
        alg: keyManagements.filter((name) => provider[alg].includes(name)),
        enc: contentEncryptions.filter((name) => provider[enc].includes(name)),
      }
      if (metadata === undefined) return { signed: false, encrypted: false, ...offered }
      const { signed, encrypted, ...wanted } = wantedAnswers[kind](metadata)
      const own = standIn(profile, wanted.signing)
      return {
        signed,
        encrypted,
        signing: offered.signing.filter((name) => name === own),
        alg: offered.alg.filter((name) => encrypted && name === wanted.alg),
        enc: offered.enc.filter((name) => encrypted && name === wanted.enc),
      }
    },
  )
}

function allowedOf({ token_algorithms: allowed }: Profile, listed: readonly string[]) {
  return answerSignatures.filter((alg) => listed.includes(alg) && permits(allowed, alg))
}

function standIn({ token_algorithms: allowed }: Profile, wanted: string): string {
  return allowed === 'any' || allowed.includes(wanted) ? wanted : allowed[0]
}

/** How answers to a client that are JWTs are made. */
export const responseTerms = {
  require_signed_response: anyOf(
    {
      realm: 'requireSignedAuthorizationResponse',
      client: 'require_signed_authorization_response',
    },
    'FAPI 2.0 Message Signing §5.4.1',
    'Only requests are taken whose answer will be a JWT.',
  ),
  authorization_response: answers(
    'authorization',
    [
      'supportedAuthorizationResponseSigningAlgorithms',
      'supportedAuthorizationResponseEncryptionAlgorithms',
      'supportedAuthorizationResponseEncryptionEnc',
    ],
    [
      'authorization_signed_response_alg',
      'authorization_encrypted_response_alg',
      'authorization_encrypted_response_enc',
    ],
    'JARM §3',
    'What authorization responses in a JWT are signed and encrypted with.',
  ),
  userinfo_response: answers(
    'userinfo',
    [
      'supportedUserInfoSigningAlgorithms',
      'supportedUserInfoEncryptionAlgorithms',
      'supportedUserInfoEncryptionEnc',
    ],
    [
      'userinfoResponseFormat',
      'userinfo_signed_response_alg',
      'userinfo_encrypted_response_alg',
      'userinfo_encrypted_response_enc',
    ],
    'OIDC Core §5.3.2, OIDC Registration §2',
    'What userinfo is signed and encrypted with.',
  ),
  introspection_response: answers(
    'introspection',
    [
      'supportedTokenIntrospectionResponseSigningAlgorithms',
      'supportedTokenIntrospectionResponseEncryptionAlgorithms',
      'supportedTokenIntrospectionResponseEncryptionEnc',
    ],
    [
      'tokenIntrospectionResponseFormat',
      'introspection_signed_response_alg',
      'introspection_encrypted_response_alg',
      'introspection_encrypted_response_enc',
    ],
    'RFC 9701 §6',
    'What introspection in a JWT is signed and encrypted with.',
  ),
  introspection_claim: overridable(
    'useTokenIntrospectionClaimForJWT',
    'RFC 9701 §5, PingAM: oauth2-introspect-endpoint',
    'Introspection in a JWT is one claim, not a claim for each member.',
  ),
  id_token_encryption: answers(
    'id_token',
    [undefined, 'supportedIDTokenEncryptionAlgorithms', 'supportedIDTokenEncryptionMethods'],
    [
      'idTokenEncryptionEnabled',
      'id_token_encrypted_response_alg',
      'id_token_encrypted_response_enc',
    ],
    'OIDC Registration §2',
    'What ID tokens are encrypted with; what signs them is `id_token_algorithm`.',
  ),
} as const satisfies Readonly<Record<string, Term<unknown>>>
