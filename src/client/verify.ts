import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { JwsAlg } from '../jose/algorithm.ts'
import type { JwsReason, UnverifiedJws } from '../jose/compact.ts'
import type { JwsVerdict } from '../jose/verify.ts'
import { verifyJws } from '../jose/verify.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import { clientKeys, newerClientKeys } from './jwks-uri.ts'

/** What a signature is refused for when the client has changed its key under the old `kid`, or without any. */
const rotated: ReadonlySet<JwsReason> = new Set(['the signature is wrong', 'no key fits the alg'])

/**
 * Verifies what a client signed by the keys it has registered or publishes. Where those that are
 * known do not do, its jwks_uri is asked once more, so that a client may change its key at any time.
 */
export function verifyByClientKeys(
  realm: Realm,
  client: Client,
  jws: UnverifiedJws,
  algorithms: readonly JwsAlg[],
): Ready<JwsVerdict> {
  return whenReady(clientKeys(realm, client, jws.kid), (keys) =>
    whenReady(verifyJws(jws, keys, algorithms), (verdict) => {
      if (verdict.ok || !rotated.has(verdict.reason)) return verdict
      return newerClientKeys(realm, client, keys).then((newer) =>
        newer === undefined ? verdict : verifyJws(jws, newer, algorithms),
      )
    }),
  )
}
