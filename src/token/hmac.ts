import type { KeyObject } from 'node:crypto'
import { memo } from '../base/memo.ts'
import type { Client } from '../client/client.ts'
import { symmetricSecret } from '../client/secret-key.ts'
import { isJwsAlg, jwsAlgorithms } from '../jose/algorithm.ts'
import type { SigningKey } from '../jose/jwk.ts'
import { secretKey } from '../jose/jwk.ts'
import type { Realm } from '../realm/realm.ts'

const keyOf = memo((secret: KeyObject): SigningKey => {
  const imported = secretKey(secret.export(), 'HS256')
  if (!imported.ok) throw new Error(`no key for HS256: ${imported.reason}`)
  return imported.key
})

/**
 * The realm's own key for access tokens signed with HS256, as PingAM's are by default: nobody but
 * this server can verify those; resource servers ask by introspection.
 */
export function realmHmac(realm: Realm): SigningKey {
  return keyOf(realm.secret('access-token'))
}

/** Those by which one may be signed that is still alive. */
export function realmHmacs(realm: Realm): readonly SigningKey[] {
  return realm.secrets('access-token').map(keyOf)
}

/** The key by which a client's secret signs its ID tokens (OIDC Core §10.1); undefined for an algorithm without secret. */
export function clientHmac(client: Client, alg: string): SigningKey | undefined {
  const secret = symmetricSecret(client)
  if (secret === undefined || !isJwsAlg(alg) || jwsAlgorithms[alg].kty !== 'oct') return undefined
  const imported = secretKey(secret, alg)
  return imported.ok ? imported.key : undefined
}
