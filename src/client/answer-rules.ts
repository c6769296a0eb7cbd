import { parseJson } from '../base/json.ts'
import type { JweAlg, JweEnc, JwsAlg } from '../jose/algorithm.ts'
import { jweAlgorithms, jweEncryptions, jwsAlgorithms } from '../jose/algorithm.ts'
import type { EncryptingKey } from '../jose/encryption/encryption-key.ts'
import { serves } from '../jose/encryption/encryption-key.ts'
import { readKeySet } from '../jose/jwks.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { attributeProblem } from '../protocol/client-metadata.ts'
import type { Problem } from '../protocol/problem.ts'
import { readPublicKey } from './registered-keys.ts'

/** Attributes that name an algorithm for answers of one kind. */
type Field = 'authorization_signed_response_alg' | 'authorization_encrypted_response_alg'

/** One kind of answers, as a client has registered that they are made. */
interface Registered {
  readonly signed?: { readonly field: Field; readonly alg: JwsAlg }
  readonly encrypted?: { readonly field: Field; readonly alg: JweAlg; readonly enc: JweEnc }
}

function registered(metadata: ClientMetadata): readonly Registered[] {
  const {
    authorization_signed_response_alg: signed,
    authorization_encrypted_response_alg: alg,
    authorization_encrypted_response_enc: enc,
  } = metadata
  return [
    {
      signed: { field: 'authorization_signed_response_alg', alg: signed },
      ...(alg === ''
        ? {}
        : {
            encrypted: {
              field: 'authorization_encrypted_response_alg',
              alg,
              enc: enc === '' ? 'A128CBC-HS256' : enc,
            },
          }),
    },
  ]
}

/** Bytes a secret must have that makes answers as registered; 0 where it makes none. */
export function answerSecretBytes(metadata: ClientMetadata): number {
  return Math.max(
    0,
    ...registered(metadata).flatMap(({ signed, encrypted }) => [
      signed === undefined ? 0 : hmacBytes(signed.alg),
      encrypted === undefined ? 0 : wrapBytes(encrypted.alg, encrypted.enc),
    ]),
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
  const keys = registeredEncryptingKeys(metadata)
  return registered(metadata).flatMap(({ signed, encrypted }) => {
    const problems: Problem[] = []
    if (isPublic && signed !== undefined && hmacBytes(signed.alg) > 0)
      problems.push(attributeProblem(signed.field, 'a public client has no secret'))
    if (encrypted === undefined) return problems
    const { field, alg, enc } = encrypted
    if (wrapBytes(alg, enc) > 0) {
      if (isPublic) problems.push(attributeProblem(field, 'a public client has no secret'))
    } else if (keys?.some((key) => serves(key, alg, enc)) === false)
      problems.push(attributeProblem(field, 'the client has no key to encrypt to with it'))
    return problems
  })
}

/** Keys to encrypt to in the registration itself; undefined where they are to be fetched. */
function registeredEncryptingKeys(metadata: ClientMetadata): readonly EncryptingKey[] | undefined {
  const { publicKeyLocation, jwks, jwks_uri, clientJwtPublicKey } = metadata
  if (publicKeyLocation === 'jwks_uri' && jwks_uri !== '') return undefined
  const read =
    publicKeyLocation === 'x509' ? readPublicKey(clientJwtPublicKey) : readKeySet(parseJson(jwks))
  return read.ok ? read.encrypting : []
}
