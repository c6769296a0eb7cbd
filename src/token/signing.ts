import type { Client } from '../client/client.ts'
import { termsOf } from '../client/terms.ts'
import type { JwsAlg } from '../jose/algorithm.ts'
import { isJwsAlg } from '../jose/algorithm.ts'
import type { SigningKey } from '../jose/jwk.ts'
import { signingKey } from '../realm/keys.ts'
import type { Realm } from '../realm/realm.ts'
import { clientHmac, realmHmac } from './hmac.ts'

/** What signs a token, and the name its header has for it: `EdDSA` and `Ed25519` are one algorithm. */
export interface Signing {
  readonly key: SigningKey
  readonly alg: JwsAlg
}

/** How a client's ID tokens are signed: as it registered, if its profile has them signed so (C-11). */
export function idTokenSigning(realm: Realm, client: Client): Signing {
  const { id_token_algorithm: alg } = termsOf(realm, client)
  return named(alg, clientHmac(client, alg) ?? signingKey(realm.keys, alg))
}

/** How JWT access tokens for a client are signed: as the realm says, if the client's profile has them signed so. */
export function accessTokenSigning(realm: Realm, client: Client): Signing {
  const { access_token_algorithm: alg } = termsOf(realm, client)
  return named(alg, alg === 'HS256' ? realmHmac(realm) : signingKey(realm.keys, alg))
}

function named(alg: string, key: SigningKey | undefined): Signing {
  if (key === undefined || !isJwsAlg(alg)) throw new Error(`no key for ${alg}`)
  return { key, alg }
}
