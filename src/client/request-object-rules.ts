import { memo } from '../base/memo.ts'
import type { Ready } from '../base/ready.ts'
import type { JwsAlg } from '../jose/algorithm.ts'
import { isJweAlg, isJweEnc, isJwsAlg, jwsAlgorithms } from '../jose/algorithm.ts'
import type { UnverifiedJws } from '../jose/compact.ts'
import type { AllowedJwe } from '../jose/encryption/decrypt.ts'
import type { DecryptingKey } from '../jose/encryption/encryption-key.ts'
import { secretEncryptionKeys } from '../jose/encryption/encryption-key.ts'
import type { JwsVerdict } from '../jose/verify.ts'
import { verifyJws } from '../jose/verify.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { attributeProblem } from '../protocol/client-metadata.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Realm } from '../realm/realm.ts'
import { wrapBytes } from './answer-rules.ts'
import type { Client } from './client.ts'
import { liveSecrets } from './secret.ts'
import { secretKeys } from './secret-key.ts'
import type { StoredSecret } from './stored-secret.ts'
import type { Terms } from './terms.ts'
import { verifyByClientKeys } from './verify.ts'

/** What a realm takes of request objects: what is served, narrowed by its settings and profile. */
export interface RequestObjectAlgorithms extends AllowedJwe {
  readonly signing: readonly JwsAlg[]
}

/** By its terms, where object and keys are read: what a client may use, or what a realm offers. */
export function objectAlgorithms(terms: Terms): RequestObjectAlgorithms {
  return {
    signing: terms.request_object_signing,
    alg: terms.request_object_encryption,
    enc: terms.request_object_content,
  }
}

/**
 * Verifies an object whose `alg` is allowed by the client's own keys: those it registered, or its
 * secret where that is kept as a key (C-27). A public client has none (OIDC Core §10.1); no text is
 * both, so no public key can serve as a secret (J-1).
 */
export function verifyRequestObject(
  realm: Realm,
  client: Client,
  jws: UnverifiedJws,
  allowed: readonly JwsAlg[],
): Ready<JwsVerdict> {
  const { alg } = jws
  if (!isJwsAlg(alg) || jwsAlgorithms[alg].kty !== 'oct') {
    return verifyByClientKeys(realm, client, jws, allowed)
  }
  const isPublic = client.clientType === 'Public'
  return verifyJws(jws, isPublic ? [] : secretKeys(realm, client, [alg]), allowed)
}

/** Keys that open what this client encrypts: the realm's own, and those that the secret gives. */
export function requestObjectDecryption(realm: Realm, client: Client): readonly DecryptingKey[] {
  const secrets = client.clientType === 'Public' ? [] : liveSecrets(realm, client)
  const shared = secrets.flatMap(openedBy)
  return shared.length === 0 ? realm.keys.decrypting : [...realm.keys.decrypting, ...shared]
}

/** What a kept secret opens, derived once (OIDC Core §10.2). */
const openedBy = memo(({ symmetric }: StoredSecret): readonly DecryptingKey[] =>
  symmetric === undefined ? [] : secretEncryptionKeys(symmetric),
)

/** Bytes a secret must have to sign or encrypt request objects as registered; 0 where it does neither. */
export function requestSecretBytes(metadata: ClientMetadata): number {
  const { request_object_signing_alg: signed, request_object_encryption_alg: alg } = metadata
  const { request_object_encryption_enc: enc } = metadata
  return Math.max(
    isJwsAlg(signed) && jwsAlgorithms[signed].kty === 'oct'
      ? jwsAlgorithms[signed].minimumBits / 8
      : 0,
    isJweAlg(alg) ? wrapBytes(alg, isJweEnc(enc) ? enc : 'A128CBC-HS256') : 0,
  )
}

/** What of a registration's request objects cannot be had. */
export function requestObjectProblems(metadata: ClientMetadata): Problem[] {
  if (requestSecretBytes(metadata) === 0 || metadata.clientType !== 'Public') return []
  return [attributeProblem('request_object_signing_alg', 'a public client has no secret')]
}
