import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import { termsOf } from '../client/terms.ts'
import type { JwsAlg } from '../jose/algorithm.ts'
import { isJwsAlg } from '../jose/algorithm.ts'
import type { SigningKey } from '../jose/jwk.ts'
import { signingKey } from '../realm/keys.ts'
import { keysWith } from '../realm/made-keys.ts'
import type { Realm } from '../realm/realm.ts'
import { signingKeyName } from '../realm/stored-key.ts'
import { clientHmac, realmHmac } from './hmac.ts'

/** What signs a token, and the name its header has for it: `EdDSA` and `Ed25519` are one algorithm. */
export interface Signing {
  readonly key: SigningKey
  readonly alg: JwsAlg
}

/** How a client's ID tokens are signed: as it registered, if its profile has them signed so (C-11). */
export function idTokenSigning(realm: Realm, client: Client): Ready<Signing> {
  const alg = idTokenAlgorithm(realm, client)
  const hmac = clientHmac(client, alg)
  return hmac === undefined ? ofRealm(realm, alg) : { key: hmac, alg }
}

export function idTokenAlgorithm(realm: Realm, client: Client): JwsAlg {
  return known(termsOf(realm, client).id_token_algorithm)
}

/** How JWT access tokens for a client are signed: as the realm says, if the client's profile has them signed so. */
export function accessTokenSigning(realm: Realm, client: Client): Ready<Signing> {
  const alg = known(termsOf(realm, client).access_token_algorithm)
  return alg === 'HS256' ? { key: realmHmac(realm), alg } : ofRealm(realm, alg)
}

function ofRealm(realm: Realm, alg: JwsAlg): Ready<Signing> {
  const name = signingKeyName(alg)
  if (name === undefined) throw new Error(`no key for ${alg}`)
  return whenReady(keysWith(realm, [name]), (keys) => {
    const key = signingKey(keys, name)
    if (key === undefined) throw new Error(`no key for ${alg}`)
    return { key, alg }
  })
}

function known(alg: string): JwsAlg {
  if (!isJwsAlg(alg)) throw new Error(`no key for ${alg}`)
  return alg
}
