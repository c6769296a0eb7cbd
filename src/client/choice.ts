import { isJwsAlg, jweAlgorithms, jweEncryptions, jwsAlgorithms } from '../jose/algorithm.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { attributeProblem } from '../protocol/client-metadata.ts'
import type { Problem } from '../protocol/problem.ts'
import { startableNames } from '../realm/journey/list.ts'
import { signingAlgorithms } from '../realm/key/stored-key.ts'
import type { Realm } from '../realm/realm.ts'
import { assertionAlgorithms } from './method/assertion.ts'
import { methods } from './method/index.ts'

/** Attributes that are one of what is served or what a realm has. */
type Chosen =
  | 'treeName'
  | 'token_endpoint_auth_method'
  | 'token_endpoint_auth_signing_alg'
  | 'request_object_signing_alg'
  | 'request_object_encryption_alg'
  | 'request_object_encryption_enc'
  | 'id_token_signed_response_alg'

interface Choice {
  readonly from: readonly string[]
  /** What anything else is. */
  readonly else: string
}

const unknown = 'an algorithm that is not served'
const hmacs = Object.keys(jwsAlgorithms).filter(
  (alg) => isJwsAlg(alg) && jwsAlgorithms[alg].kty === 'oct',
)

/** What a client of a realm may choose from: one list for the rules and for the schema. */
export function choicesOf(realm: Realm): Readonly<Record<Chosen, Choice>> {
  return {
    treeName: { from: ['', ...startableNames(realm)], else: 'not a journey of the realm' },
    token_endpoint_auth_method: {
      from: methods.map(({ name }) => name),
      else: 'a method that is not served',
    },
    token_endpoint_auth_signing_alg: { from: assertionAlgorithms, else: unknown },
    request_object_signing_alg: { from: ['', ...Object.keys(jwsAlgorithms)], else: unknown },
    request_object_encryption_alg: { from: ['', ...Object.keys(jweAlgorithms)], else: unknown },
    request_object_encryption_enc: { from: ['', ...Object.keys(jweEncryptions)], else: unknown },
    id_token_signed_response_alg: {
      from: [...signingAlgorithms, 'Ed25519', ...hmacs],
      else: unknown,
    },
  }
}

/** Whatever is chosen and not to be had. */
export function choiceProblems(realm: Realm, metadata: ClientMetadata): readonly Problem[] {
  return Object.entries(choicesOf(realm)).flatMap(([key, choice]) => {
    const field = key as Chosen
    return choice.from.includes(metadata[field]) ? [] : [attributeProblem(field, choice.else)]
  })
}
