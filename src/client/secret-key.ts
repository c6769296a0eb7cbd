import type { JwsAlg } from '../jose/algorithm.ts'
import type { VerifyingKey } from '../jose/jwk.ts'
import { secretKey } from '../jose/jwk.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import { liveSecrets } from './secret.ts'
import type { StoredSecret } from './stored-secret.ts'

const made = new WeakMap<StoredSecret, Map<JwsAlg, VerifyingKey | undefined>>()

/**
 * The client's secrets as keys that check an HMAC (OIDC Core §10.1), newest first, each made once per
 * change; one that is too short for the algorithm is none (RFC 7518 §3.2).
 */
export function secretKeys(
  realm: Realm,
  client: Client,
  algorithms: readonly JwsAlg[],
): readonly VerifyingKey[] {
  return liveSecrets(realm, client)
    .flatMap((stored) => algorithms.map((alg) => keyOf(stored, alg)))
    .filter((key) => key !== undefined)
}

function keyOf(stored: StoredSecret, alg: JwsAlg): VerifyingKey | undefined {
  const known = made.get(stored) ?? new Map<JwsAlg, VerifyingKey | undefined>()
  if (!known.has(alg)) {
    const imported = stored.symmetric === undefined ? undefined : secretKey(stored.symmetric, alg)
    known.set(alg, imported?.ok ? imported.key.verifying : undefined)
    made.set(stored, known)
  }
  return known.get(alg)
}

/** The newest secret that may be used as a key; undefined when none was kept. */
export function symmetricSecret(client: Client): string | undefined {
  return client.secrets.find((stored) => stored.symmetric !== undefined)?.symmetric
}
