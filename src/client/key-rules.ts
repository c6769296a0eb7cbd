import { parseJson } from '../base/json.ts'
import type { JwsAlg } from '../jose/algorithm.ts'
import { isJwsAlg, jwsAlgorithms } from '../jose/algorithm.ts'
import { readKeySet } from '../jose/jwks.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { attributeProblem } from '../protocol/client-metadata.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Profile } from '../protocol/profile.ts'
import { answerProblems, answerSecretBytes } from './answer-rules.ts'
import { assertionAlgorithms, pairAlgorithms, secretAlgorithms } from './method/assertion.ts'
import { readPublicKey } from './registered-keys.ts'
import { requestObjectProblems, requestSecretBytes } from './request-object-rules.ts'
import { secretProblem } from './secret-text.ts'

/** What a registration says of the client's secret. */
export interface SecretGiven {
  /** A new secret; undefined leaves those there are. */
  readonly secret: string | undefined
  /** The secret that is kept as a key so far, if any. */
  readonly kept: string | undefined
}

/** What is wrong with the keys by which a client proves itself. */
export function keyProblems(metadata: ClientMetadata): Problem[] {
  const problems: Problem[] = []
  const { jwks, jwks_uri, publicKeyLocation } = metadata
  const proves =
    metadata.token_endpoint_auth_method === 'private_key_jwt' && metadata.clientType !== 'Public'
  if (jwks !== '') {
    const set = readKeySet(parseJson(jwks))
    if (!set.ok) problems.push(attributeProblem('jwks', set.reason))
    else if (proves && publicKeyLocation === 'jwks' && set.keys.length === 0) {
      problems.push(attributeProblem('jwks', set.ignored.join(', ') || 'the key set has no keys'))
    }
  }
  if (metadata.clientJwtPublicKey !== '') {
    const read = readPublicKey(metadata.clientJwtPublicKey)
    if (!read.ok) problems.push(attributeProblem('clientJwtPublicKey', read.reason))
  }
  const places = { jwks, jwks_uri, x509: metadata.clientJwtPublicKey }
  const unplaced = places[publicKeyLocation] === ''
  if (proves && unplaced) problems.push(attributeProblem('publicKeyLocation', 'no keys are there'))
  return [
    ...problems,
    ...assertionProblems(metadata),
    ...requestObjectProblems(metadata),
    ...answerProblems(metadata),
  ]
}

/** What assertions may be made with, by the methods that send them. */
const algorithmsOf: Readonly<Record<string, readonly JwsAlg[]>> = {
  private_key_jwt: pairAlgorithms,
  client_secret_jwt: secretAlgorithms,
}

function assertionProblems(metadata: ClientMetadata): Problem[] {
  const { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: registered } =
    metadata
  const own = Object.hasOwn(algorithmsOf, method) ? algorithmsOf[method] : undefined
  const other = assertionAlgorithms.some((alg) => alg === registered && own?.includes(alg) !== true)
  if (own === undefined || !other) return []
  const text = `${method} is made with ${own.join(', ')}`
  return [attributeProblem('token_endpoint_auth_signing_alg', text)]
}

/**
 * C-11: every algorithm and method a client registers that its profile has not. What would be refused at
 * each use is refused once, here.
 */
export function profileProblems(metadata: ClientMetadata, profile: Profile): Problem[] {
  const { assertion_algorithms: assertions, token_algorithms: tokens } = profile
  const { request_object_algorithms: objects } = profile
  const proves = Object.hasOwn(algorithmsOf, metadata.token_endpoint_auth_method)
  return [
    ...(proves && assertions !== 'registered'
      ? outside('token_endpoint_auth_signing_alg', metadata, assertions)
      : []),
    ...(tokens === 'any' ? [] : outside('id_token_signed_response_alg', metadata, tokens)),
    ...(objects === 'any' || metadata.request_object_signing_alg === ''
      ? []
      : outside('request_object_signing_alg', metadata, objects)),
    ...(profile.pkce === 'always' && !['', 'true'].includes(metadata.codeVerifierEnforced)
      ? [attributeProblem('codeVerifierEnforced', 'the profile has PKCE for everybody')]
      : []),
    ...(metadata.plainChallenge && !profile.plain_challenge
      ? [attributeProblem('plainChallenge', 'the profile has S256')]
      : []),
  ]
}

function outside(
  field:
    | 'token_endpoint_auth_signing_alg'
    | 'id_token_signed_response_alg'
    | 'request_object_signing_alg',
  metadata: ClientMetadata,
  allowed: readonly string[],
): Problem[] {
  if (allowed.includes(metadata[field])) return []
  return [attributeProblem(field, `the profile has ${allowed.join(', ')}`)]
}

const secretPath = 'coreOAuth2ClientConfig.userpassword'

/** C-27: an HMAC, or what the secret encrypts, needs the secret itself, and enough of it. */
export function secretProblems(metadata: ClientMetadata, { secret, kept }: SecretGiven): Problem[] {
  const problems: Problem[] = []
  const alg = metadata.id_token_signed_response_alg
  const least = symmetricBytes(metadata)
  if (hmacBytes(alg) > 0 && metadata.clientType === 'Public') {
    problems.push(attributeProblem('id_token_signed_response_alg', 'a public client has no secret'))
  }
  const used = secret ?? kept
  const problem = used === undefined ? undefined : secretProblem(used, least)
  if (problem !== undefined) problems.push({ path: secretPath, text: problem })
  if (least > 0 && used === undefined) {
    problems.push({ path: secretPath, text: 'needed again, since it is used as a key' })
  }
  return problems
}

/** Bytes a secret must have where the registration uses it as a key; 0 where it does not. */
export function symmetricBytes(metadata: ClientMetadata): number {
  const { id_token_signed_response_alg, token_endpoint_auth_method } = metadata
  const assertions = token_endpoint_auth_method === 'client_secret_jwt'
  return Math.max(
    hmacBytes(id_token_signed_response_alg),
    assertions ? hmacBytes(metadata.token_endpoint_auth_signing_alg) : 0,
    requestSecretBytes(metadata),
    answerSecretBytes(metadata),
  )
}

function hmacBytes(alg: string): number {
  return isJwsAlg(alg) && jwsAlgorithms[alg].kty === 'oct' ? jwsAlgorithms[alg].minimumBits / 8 : 0
}
