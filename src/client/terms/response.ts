import type { JweAlg, JweEnc, JwsAlg } from '../../jose/algorithm.ts'
import type { Profile } from '../../protocol/profile.ts'
import {
  answerSignatures,
  contentEncryptions,
  keyManagements,
} from '../../protocol/value/algorithm.ts'
import { anyOf, permits, type Term, term } from './row.ts'

/**
 * What answers of one kind may be made with when they are JWTs. Of a client: what it has registered, each
 * list with that one or, where realm and profile have it not, with nothing. Without one: all that is offered.
 */
export interface AnswerAlgorithms {
  readonly signing: readonly JwsAlg[]
  /** Whether the client wants them encrypted too. */
  readonly encrypted: boolean
  readonly alg: readonly JweAlg[]
  readonly enc: readonly JweEnc[]
}

type Names = readonly string[]

/** What a realm offers for answers of one kind. */
interface Offered {
  readonly signing: Names
  readonly alg: Names
  readonly enc: Names
}

/** What a client registered for them; an empty `alg`: not encrypted. */
interface Wanted {
  readonly signing: string
  readonly alg: string
  readonly enc: string
}

const together =
  'what all of them have; the profile’s first where the client’s algorithm is not among the profile’s'

function algorithmsOf(
  { token_algorithms: allowed }: Profile,
  offered: Offered,
  wanted: Wanted | undefined,
): AnswerAlgorithms {
  const signing = answerSignatures.filter(
    (alg) => offered.signing.includes(alg) && permits(allowed, alg),
  )
  const alg = keyManagements.filter((name) => offered.alg.includes(name))
  const enc = contentEncryptions.filter((name) => offered.enc.includes(name))
  if (wanted === undefined) return { signing, encrypted: false, alg, enc }
  const own = permits(allowed, wanted.signing) ? wanted.signing : allowed[0]
  const content = wanted.enc === '' ? 'A128CBC-HS256' : wanted.enc
  const encrypted = wanted.alg !== ''
  return {
    signing: signing.filter((name) => name === own),
    encrypted,
    alg: alg.filter((name) => name === wanted.alg),
    enc: enc.filter((name) => encrypted && name === content),
  }
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
  authorization_response: term(
    {
      profile: ['token_algorithms'],
      realm: [
        'supportedAuthorizationResponseSigningAlgorithms',
        'supportedAuthorizationResponseEncryptionAlgorithms',
        'supportedAuthorizationResponseEncryptionEnc',
      ],
      client: [
        'authorization_signed_response_alg',
        'authorization_encrypted_response_alg',
        'authorization_encrypted_response_enc',
      ],
    },
    together,
    'JARM §3',
    'What authorization responses in a JWT are signed and encrypted with.',
    (profile, realm, client) =>
      algorithmsOf(
        profile,
        {
          signing: realm.supportedAuthorizationResponseSigningAlgorithms,
          alg: realm.supportedAuthorizationResponseEncryptionAlgorithms,
          enc: realm.supportedAuthorizationResponseEncryptionEnc,
        },
        client && {
          signing: client.authorization_signed_response_alg,
          alg: client.authorization_encrypted_response_alg,
          enc: client.authorization_encrypted_response_enc,
        },
      ),
  ),
} as const satisfies Readonly<Record<string, Term<unknown>>>
