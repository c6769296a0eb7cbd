import { parseJson } from '../base/json.ts'
import type { JweAlg, JweEnc, JwsAlg } from '../jose/algorithm.ts'
import { jweAlgorithms, jweEncryptions, jwsAlgorithms } from '../jose/algorithm.ts'
import type { EncryptingKey } from '../jose/encryption/encryption-key.ts'
import { serves } from '../jose/encryption/encryption-key.ts'
import { readKeySet } from '../jose/jwks.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { attributeProblem } from '../protocol/client-metadata.ts'
import type { Problem } from '../protocol/problem.ts'
import { type AnswerKind, wantedAnswers } from './answers.ts'
import { readPublicKey } from './registered-keys.ts'

/** The attributes in which a problem with a kind of answers is told. */
const fields = {
  authorization: ['authorization_signed_response_alg', 'authorization_encrypted_response_alg'],
  userinfo: ['userinfo_signed_response_alg', 'userinfo_encrypted_response_alg'],
  introspection: ['introspection_signed_response_alg', 'introspection_encrypted_response_alg'],
  id_token: [undefined, 'id_token_encrypted_response_alg'],
} as const satisfies Readonly<
  Record<AnswerKind, readonly [keyof ClientMetadata | undefined, keyof ClientMetadata]>
>

const kinds = Object.keys(fields) as readonly AnswerKind[]

/** Bytes a secret must have that makes answers as registered; 0 where it makes none. */
export function answerSecretBytes(metadata: ClientMetadata): number {
  return Math.max(
    ...kinds.map((kind) => {
      const { signed, encrypted, signing, alg, enc } = wantedAnswers[kind](metadata)
      // A client may ask for a signed introspection whatever its format.
      const signs = signed || kind === 'introspection'
      return Math.max(signs ? hmacBytes(signing) : 0, encrypted ? wrapBytes(alg, enc) : 0)
    }),
  )
}

function hmacBytes(alg: JwsAlg): number {
  const { kty, minimumBits } = jwsAlgorithms[alg]
  return kty === 'oct' ? minimumBits / 8 : 0
}

/** Bytes of the key that the secret gives with this pair (OIDC Core §10.2). */
export function wrapBytes(alg: JweAlg, enc: JweEnc): number {
  const { kty, wrapBits } = jweAlgorithms[alg]
  if (kty !== 'oct') return 0
  return (wrapBits === 0 ? jweEncryptions[enc].keyBits : wrapBits) / 8
}

/** What of the answers that a client registered cannot be made: it has no secret, or no key to encrypt to. */
export function answerProblems(metadata: ClientMetadata): Problem[] {
  const isPublic = metadata.clientType === 'Public'
  const withoutSecret = 'a public client has no secret'
  const { idTokenPublicEncryptionKey: own } = metadata
  const read = own === '' ? undefined : readPublicKey(own)
  if (read?.ok === false) return [attributeProblem('idTokenPublicEncryptionKey', read.reason)]
  return kinds.flatMap((kind) => {
    const { signed, encrypted, signing, alg, enc } = wantedAnswers[kind](metadata)
    const [signedField, encryptedField] = fields[kind]
    const problems: Problem[] = []
    if (isPublic && signed && signedField !== undefined && hmacBytes(signing) > 0)
      problems.push(attributeProblem(signedField, withoutSecret))
    if (!encrypted) return problems
    if (wrapBytes(alg, enc) > 0)
      return isPublic ? [...problems, attributeProblem(encryptedField, withoutSecret)] : problems
    const keys = keysFor(kind, metadata)
    if (keys?.some((key) => serves(key, alg, enc)) === false)
      problems.push(attributeProblem(encryptedField, 'the client has no key to encrypt to with it'))
    return problems
  })
}

/** Keys to encrypt to in the registration itself; undefined where they are to be fetched. */
function keysFor(kind: AnswerKind, metadata: ClientMetadata): readonly EncryptingKey[] | undefined {
  const { publicKeyLocation, jwks, jwks_uri, clientJwtPublicKey } = metadata
  const { idTokenPublicEncryptionKey: own } = metadata
  if (kind === 'id_token' && own !== '') return encryptingIn(readPublicKey(own))
  if (publicKeyLocation === 'jwks_uri' && jwks_uri !== '') return undefined
  return encryptingIn(
    publicKeyLocation === 'x509' ? readPublicKey(clientJwtPublicKey) : readKeySet(parseJson(jwks)),
  )
}

function encryptingIn(read: ReturnType<typeof readPublicKey>): readonly EncryptingKey[] {
  return read.ok ? read.encrypting : []
}
