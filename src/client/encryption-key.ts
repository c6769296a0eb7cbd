import type { JweAlg, JweEnc } from '../jose/algorithm.ts'
import { jweAlgorithms } from '../jose/algorithm.ts'
import type { EncryptingKey } from '../jose/encryption/encryption-key.ts'
import { secretEncryptionKey, serves } from '../jose/encryption/encryption-key.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import { findEncryptingKey } from './jwks-uri.ts'
import { symmetricSecret } from './secret-key.ts'

/**
 * The key to encrypt for a client with: of its key set, or made of its secret where that is kept as a key
 * (OIDC Core §10.2). Undefined where it has none that serves both algorithms.
 */
export async function encryptionKey(
  realm: Realm,
  client: Client,
  alg: JweAlg,
  enc: JweEnc,
): Promise<EncryptingKey | undefined> {
  if (jweAlgorithms[alg].kty === 'oct') return ofSecret(client, alg, enc)
  return findEncryptingKey(realm, client, (key) => serves(key, alg, enc))
}

function ofSecret(client: Client, alg: JweAlg, enc: JweEnc): EncryptingKey | undefined {
  const secret = client.clientType === 'Public' ? undefined : symmetricSecret(client)
  if (secret === undefined) return undefined
  const derived = secretEncryptionKey(secret, alg, enc)
  return derived.ok ? derived.key.encrypting : undefined
}
