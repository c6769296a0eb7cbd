import type { JwsAlg } from '../../jose/algorithm.ts'
import type { Realm } from '../../realm/realm.ts'
import { permits } from '../terms/row.ts'
import { termsOffered } from '../terms.ts'
import { pairAlgorithms, secretAlgorithms } from './assertion.ts'
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

/** The names of those that settings and profile of a realm let be used, as discovery lists them. */
export function servedMethods(realm: Realm): readonly string[] {
  const { offered_auth_methods, public_clients } = termsOffered(realm)
  return methods
    .filter(({ served }) => served?.(realm) ?? true)
    .map(({ name }) => name)
    .filter((name) => (name === 'none' ? public_clients : permits(offered_auth_methods, name)))
}

/** What assertions of these methods may be signed with in a realm, as discovery lists it. */
export function servedAssertionAlgorithms(realm: Realm): readonly JwsAlg[] {
  const names = servedMethods(realm)
  const { assertion_algorithms } = termsOffered(realm)
  const made = [
    ...(names.includes(privateKeyJwt.name) ? pairAlgorithms : []),
    ...(names.includes(clientSecretJwt.name) ? secretAlgorithms : []),
  ]
  return made.filter((alg) => permits(assertion_algorithms, alg))
}
