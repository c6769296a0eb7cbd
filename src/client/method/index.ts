import type { Realm } from '../../realm/realm.ts'
import { clientSecretBasic } from './client-secret-basic.ts'
import { clientSecretJwt } from './client-secret-jwt.ts'
import { clientSecretPost } from './client-secret-post.ts'
import type { Method } from './method.ts'
import { none } from './none.ts'
import { privateKeyJwt } from './private-key-jwt.ts'
import { selfSignedTlsClientAuth } from './self-signed-tls-client-auth.ts'
import { tlsClientAuth } from './tls-client-auth.ts'

/** Every method whose proof is in the message. */
export const provingMethods: readonly Method[] = [
  clientSecretBasic,
  clientSecretPost,
  clientSecretJwt,
  privateKeyJwt,
]

/** Methods whose proof is the connection: the message only names the client (RFC 8705 §2). */
export const certificateMethods: readonly Method[] = [tlsClientAuth, selfSignedTlsClientAuth]

/** Every method there is. */
export const methods: readonly Method[] = [...provingMethods, ...certificateMethods, none]

/** The names of those that can be used in a realm, as discovery lists them. */
export function servedMethods(realm: Realm): readonly string[] {
  return methods.filter(({ served }) => served?.(realm) ?? true).map(({ name }) => name)
}
