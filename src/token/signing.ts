import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import { termsOf } from '../client/terms.ts'
import type { JwsAlg } from '../jose/algorithm.ts'
import { isJwsAlg, jwsAlgorithms } from '../jose/algorithm.ts'
import type { SigningKey } from '../jose/jwk.ts'
import { signingKey } from '../realm/key/keys.ts'
import { promiseLifetime } from '../realm/key/lifetime.ts'
import { keysWith } from '../realm/key/made-keys.ts'
import { signingKeyName } from '../realm/key/stored-key.ts'
import type { Realm } from '../realm/realm.ts'
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
  if (hmac !== undefined) return { key: hmac, alg }
  return ofRealm(realm, alg, termsOf(realm, client).id_token_lifetime)
}

export function idTokenAlgorithm(realm: Realm, client: Client): JwsAlg {
  return known(termsOf(realm, client).id_token_algorithm)
}

/** How another JWT for a client is signed, that lives so many seconds: by its secret or a key of the realm; undefined where it has no secret for that. */
export function answerSigning(
  realm: Realm,
  client: Client,
  alg: JwsAlg,
  lifetime: number,
): Ready<Signing | undefined> {
  if (jwsAlgorithms[alg].kty !== 'oct') return ofRealm(realm, alg, lifetime)
  const key = client.clientType === 'Public' ? undefined : clientHmac(client, alg)
  return key && { key, alg }
}

/** How JWT access tokens for a client are signed: as the realm says, if the client's profile has them signed so. */
export function accessTokenSigning(realm: Realm, client: Client): Ready<Signing> {
  const { access_token_algorithm, access_token_lifetime } = termsOf(realm, client)
  const alg = known(access_token_algorithm)
  if (alg === 'HS256') return { key: realmHmac(realm), alg }
  return ofRealm(realm, alg, access_token_lifetime)
}

function ofRealm(realm: Realm, alg: JwsAlg, lifetime: number): Ready<Signing> {
  const name = signingKeyName(alg)
  if (name === undefined) throw new Error(`no key for ${alg}`)
  return whenReady(keysWith(realm, [name]), (keys) => {
    const key = signingKey(keys, name, realm.now())
    if (key === undefined) throw new Error(`no key for ${alg}`)
    return whenReady(promiseLifetime(realm, key, lifetime), () => ({ key, alg }))
  })
}

function known(alg: string): JwsAlg {
  if (!isJwsAlg(alg)) throw new Error(`no key for ${alg}`)
  return alg
}
