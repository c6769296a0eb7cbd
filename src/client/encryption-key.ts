import type { JweAlg, JweEnc } from '../jose/algorithm.ts'
import { jweAlgorithms } from '../jose/algorithm.ts'
import type { EncryptingKey } from '../jose/encryption/encryption-key.ts'
import { secretEncryptionKey, serves } from '../jose/encryption/encryption-key.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import { findEncryptingKey } from './jwks-uri.ts'
import { readPublicKey } from './registered-keys.ts'
import { symmetricSecret } from './secret-key.ts'

/** What a key is to serve; `pem`: it is the one that the client has registered for this alone. */
export interface Wanted {
  readonly alg: JweAlg
  readonly enc: JweEnc
  readonly pem?: string
}

/**
 * The key to encrypt for a client with: of its key set, or made of its secret where that is kept as a key
 * (OIDC Core §10.2). Undefined where it has none that serves both algorithms.
 */
export async function encryptionKey(
  realm: Realm,
  client: Client,
  { alg, enc, pem = '' }: Wanted,
): Promise<EncryptingKey | undefined> {
  if (jweAlgorithms[alg].kty === 'oct') return ofSecret(client, alg, enc)
  if (pem !== '') {
    const read = readPublicKey(pem)
    return read.ok ? read.encrypting.find((key) => serves(key, alg, enc)) : undefined
  }
  return findEncryptingKey(realm, client, (key) => serves(key, alg, enc))
}

function ofSecret(client: Client, alg: JweAlg, enc: JweEnc): EncryptingKey | undefined {
  const secret = client.clientType === 'Public' ? undefined : symmetricSecret(client)
  if (secret === undefined) return undefined
  const derived = secretEncryptionKey(secret, alg, enc)
  return derived.ok ? derived.key.encrypting : undefined
}
